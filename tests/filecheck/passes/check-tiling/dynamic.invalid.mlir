// Inside the loops every parallel loop has a static extent.
// RUN: zellige-opt %s -p 'check-tiling' --verify-diagnostics

flow.executable @k grid affine_map<()[s0, s1, s2] -> ((s1 ceildiv 16), 1, 1)> {
  func.func @k(%a: memref<?xf32, #hal.memory<device>> {hal.sizes = array<i64: 1>}, %n: index, %b: memref<?xf32, #hal.memory<device>> {hal.sizes = array<i64: 1>}) {
    %0 = bufferization.to_tensor %a restrict : memref<?xf32, #hal.memory<device>> to tensor<?xf32>
    %e = tensor.empty(%n) : tensor<?xf32>
    // expected-error@below {{parallel loop 0 has a dynamic number of iterations, its tile 8}}
    %2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%0 : tensor<?xf32>) outs(%e : tensor<?xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [8]>} {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<?xf32>
    bufferization.materialize_in_destination %2 in restrict writable %b : (tensor<?xf32>, memref<?xf32, #hal.memory<device>>) -> ()
    func.return
  }
}
