// Only loops of static extent become one; the dynamic ones around them stay.
// RUN: zellige-opt %s -p collapse-loops | filecheck %s

flow.executable @twice {
  func.func @twice(%x: memref<?x7x9xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, -1, -1>}, %n: index,
                   %out: memref<?x7x9xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, -1, -1>}) {
    %0 = bufferization.to_tensor %x restrict : memref<?x7x9xf32, #hal.memory<device>> to tensor<?x7x9xf32>
    %e = tensor.empty(%n) : tensor<?x7x9xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, j, k)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<?x7x9xf32>) outs(%e : tensor<?x7x9xf32>) {
    ^bb0(%a: f32, %b: f32):
      %c = arith.addf %a, %a : f32
      linalg.yield %c : f32
    } -> tensor<?x7x9xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<?x7x9xf32>, memref<?x7x9xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      memref.reinterpret_cast %out to offset: [0], sizes: [%n, 63], strides: [63, 1]
// CHECK:      tensor.collapse_shape %{{.*}} [{{\[0.*\], \[1.*, 2.*\]}}] : tensor<?x7x9xf32> into tensor<?x63xf32>
// CHECK:      tensor.empty(%n) : tensor<?x63xf32>
// CHECK:      linalg.generic {{.*}} ins(%{{.*}} : tensor<?x63xf32>)
