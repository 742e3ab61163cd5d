// Each workgroup computes its rows: offsets are multiples of its number, and the workgroups are counted.
// RUN: zellige-opt %s -p 'tile-to-workgroups' | filecheck %s

flow.executable @relu {
  func.func @relu(%x: memref<64x8xf32, #hal.memory<device>>, %out: memref<64x8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<64x8xf32, #hal.memory<device>> to tensor<64x8xf32>
    %e = tensor.empty() : tensor<64x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<64x8xf32>) outs(%e : tensor<64x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [16, 0] tile [1, 8]>} {
    ^bb0(%p: f32, %o: f32):
      %n = arith.negf %p : f32
      linalg.yield %n : f32
    } -> tensor<64x8xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<64x8xf32>, memref<64x8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      flow.executable @relu workgroups [4, 1, 1] {
// CHECK:          %1 = hal.workgroup_id 0
// CHECK-NEXT:     %2 = arith.constant 16 : index
// CHECK-NEXT:     %3 = arith.muli %1, %2 : index
// CHECK-NEXT:     %out_1 = memref.subview %out[%3, 0] [16, 8] [1, 1] : memref<{{.*}}> to memref<{{.*}}>
// CHECK-NEXT:     %4 = tensor.extract_slice %0[%3, 0] [16, 8] [1, 1] : tensor<64x8xf32> to tensor<16x8xf32>
// CHECK-NEXT:     %5 = tensor.empty() : tensor<16x8xf32>
// CHECK-NEXT:     %6 = linalg.generic {{.*}} ins(%4 : tensor<16x8xf32>) outs(%5 : tensor<16x8xf32>) attrs =  {hal.schedule = #hal.schedule<workgroup [16, 0] tile [1, 8]>} {
// CHECK-NEXT:     ^bb0(%p: f32, %o: f32):
