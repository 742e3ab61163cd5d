// What an elementwise op makes for a packed input is computed into the panel, and nowhere else.
// RUN: zellige-opt %s -p 'tile-to-registers' | filecheck %s

flow.executable @k {
  func.func @k(%a: memref<4x8xf32, #hal.memory<device>>, %b: memref<8x32xf32, #hal.memory<device>>, %out: memref<4x32xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<4x8xf32, #hal.memory<device>> to tensor<4x8xf32>
    %1 = bufferization.to_tensor %b restrict : memref<8x32xf32, #hal.memory<device>> to tensor<8x32xf32>
    %e = tensor.empty() : tensor<8x32xf32>
    %made = linalg.generic {indexing_maps = [affine_map<(k, n) -> (k, n)>, affine_map<(k, n) -> (k, n)>], iterator_types = ["parallel", "parallel"]} ins(%1 : tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 16]>} {
    ^bb0(%x: f32, %o: f32):
      %n = arith.negf %x : f32
      linalg.yield %n : f32
    } -> tensor<8x32xf32>
    %init = bufferization.to_tensor %out restrict : memref<4x32xf32, #hal.memory<device>> to tensor<4x32xf32>
    %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%0, %made : tensor<4x8xf32>, tensor<8x32xf32>) outs(%init : tensor<4x32xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0, 0] tile [2, 16, 1] pack [1]>} {
    ^bb0(%l: f32, %r: f32, %s: f32):
      %p = arith.mulf %l, %r : f32
      %q = arith.addf %s, %p : f32
      linalg.yield %q : f32
    } -> tensor<4x32xf32>
    bufferization.materialize_in_destination %y in restrict writable %out : (tensor<4x32xf32>, memref<4x32xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK-NOT:  tensor<8x32xf32>) outs
// CHECK:      scf.for
// CHECK:        [[PANEL:%.*]] = memref.alloc() : memref<8x16xf32, #hal.memory<local>>
// CHECK:        scf.for
// CHECK:          arith.negf
// CHECK:          bufferization.materialize_in_destination
// CHECK:        bufferization.to_tensor [[PANEL]]
// CHECK:        scf.for
// CHECK-NOT:      arith.negf
// CHECK:          arith.mulf
