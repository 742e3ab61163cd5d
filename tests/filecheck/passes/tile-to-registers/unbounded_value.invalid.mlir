// A value between two loop nests needs local memory, and so a bound for its size.
// RUN: DIAG -p tile-to-registers

flow.executable @twice {
  func.func @twice(%x: memref<?xf32, #hal.memory<device>> {hal.sizes = array<i64: 1>}, %n: index,
                   %out: memref<?xf32, #hal.memory<device>> {hal.sizes = array<i64: 1>}) {
    %0 = bufferization.to_tensor %x restrict : memref<?xf32, #hal.memory<device>> to tensor<?xf32>
    %e = tensor.empty(%n) : tensor<?xf32>
    // expected-error@below {{a value between the loops of a kernel has a size without a bound: tensor<?xf32>}}
    %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<?xf32>) outs(%e : tensor<?xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [4]>} {
    ^bb0(%a: f32, %b: f32):
      %c = arith.addf %a, %a : f32
      linalg.yield %c : f32
    } -> tensor<?xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%1, %1 : tensor<?xf32>, tensor<?xf32>) outs(%e : tensor<?xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [4]>} {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %c = arith.mulf %a, %b : f32
      linalg.yield %c : f32
    } -> tensor<?xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<?xf32>, memref<?xf32, #hal.memory<device>>) -> ()
    func.return
  }
}
