// REPLAY: zellige-opt %s -p 'outline-dispatches,rematerialize-fills,mark-constant-operands,deduplicate-executables,check-dispatch'
builtin.module {
  func.func @main(%a: tensor<?x8xf32> {hal.sizes = array<i64: 2, -1>}, %b: tensor<?x8xf32> {hal.sizes = array<i64: 3, -1>}, %a_1: index, %b_1: index) -> tensor<?x8xf32> {
    %0 = arith.cmpi eq, %b_1, %a_1 : index
    cf.assert %0, "dimension 0 of argument 1 ('b') differs from dimension 0 of argument 0 ('a')"
    %e = tensor.empty(%a_1) : tensor<?x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a, %b : tensor<?x8xf32>, tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %s = arith.addf %x, %y : f32
      linalg.yield %s : f32
    } -> tensor<?x8xf32>
    func.return %1 : tensor<?x8xf32>
  }
}
