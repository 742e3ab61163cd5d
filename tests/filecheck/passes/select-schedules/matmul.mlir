// A contraction gets a register tile of two loops, and the fill before it the same.
// RUN: zellige-opt %s -p 'select-schedules' | filecheck %s

flow.executable @matmul {
  func.func @matmul(%a: memref<16x64xf32, #hal.memory<device>>, %b: memref<64x24xf32, #hal.memory<device>>, %c: memref<16x24xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<16x64xf32, #hal.memory<device>> to tensor<16x64xf32>
    %1 = bufferization.to_tensor %b restrict : memref<64x24xf32, #hal.memory<device>> to tensor<64x24xf32>
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<16x24xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<16x24xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
    } -> tensor<16x24xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%0, %1 : tensor<16x64xf32>, tensor<64x24xf32>) outs(%2 : tensor<16x24xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %m = arith.mulf %p, %q : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
    } -> tensor<16x24xf32>
    bufferization.materialize_in_destination %3 in restrict writable %c : (tensor<16x24xf32>, memref<16x24xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %2 = linalg.generic {{.*}} outs(%e : tensor<16x24xf32>) attrs =  {hal.schedule = #hal.schedule<workgroup [0, 0] tile [2, 16]>} {
// CHECK-NEXT: ^bb0(%o: f32):
// CHECK-NEXT:   linalg.yield %zero : f32
// CHECK-NEXT: } -> tensor<16x24xf32>
// CHECK-NEXT: %3 = linalg.generic {{.*}} attrs =  {hal.schedule = #hal.schedule<workgroup [0, 0, 0] tile [2, 16, 1] pack [1]>} {
