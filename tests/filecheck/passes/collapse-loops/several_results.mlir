// The views of all results stand before the op that makes them, so that one nest of loops can write both.
// RUN: zellige-opt %s -p collapse-loops | filecheck %s

flow.executable @k {
  func.func @k(%x: memref<4x6xf32, #hal.memory<device>>, %a: memref<4x6xf32, #hal.memory<device>>, %b: memref<4x6xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<4x6xf32, #hal.memory<device>> to tensor<4x6xf32>
    %e = tensor.empty() : tensor<4x6xf32>
    %1, %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%0 : tensor<4x6xf32>) outs(%e, %e : tensor<4x6xf32>, tensor<4x6xf32>) {
    ^bb0(%in: f32, %o: f32, %p: f32):
      %n = arith.negf %in : f32
      linalg.yield %in, %n : f32, f32
    } -> (tensor<4x6xf32>, tensor<4x6xf32>)
    bufferization.materialize_in_destination %1 in restrict writable %a : (tensor<4x6xf32>, memref<4x6xf32, #hal.memory<device>>) -> ()
    bufferization.materialize_in_destination %2 in restrict writable %b : (tensor<4x6xf32>, memref<4x6xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK-DAG:  %[[A:.*]] = memref.reinterpret_cast %a
// CHECK-DAG:  %[[B:.*]] = memref.reinterpret_cast %b
// CHECK:      linalg.generic
// CHECK:      bufferization.materialize_in_destination {{.*}} in restrict writable %[[A]]
// CHECK-NEXT: bufferization.materialize_in_destination {{.*}} in restrict writable %[[B]]
