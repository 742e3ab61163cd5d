// Dynamic loops are cut into parts that are worth a workgroup, the inner one first; the vector runs along the static rows.
// RUN: zellige-opt %s -p select-schedules | filecheck %s

flow.executable @add {
  func.func @add(%x: memref<?x?x384xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, 2, -1>}, %n: index, %m: index,
                 %out: memref<?x?x384xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, 2, -1>}) {
    %0 = bufferization.to_tensor %x restrict : memref<?x?x384xf32, #hal.memory<device>> to tensor<?x?x384xf32>
    %e = tensor.empty(%n, %m) : tensor<?x?x384xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, j, k)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<?x?x384xf32>) outs(%e : tensor<?x?x384xf32>) {
    ^bb0(%a: f32, %b: f32):
      %c = arith.addf %a, %a : f32
      linalg.yield %c : f32
    } -> tensor<?x?x384xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<?x?x384xf32>, memref<?x?x384xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK: hal.schedule = #hal.schedule<workgroup [1, 512, 0] tile [1, 1, 16]>
