// An extent that the tile does not divide leaves a smaller tile after the whole ones.
// RUN: zellige-opt %s -p 'tile-to-registers' | filecheck %s

flow.executable @relu {
  func.func @relu(%x: memref<3x8xf32, #hal.memory<device>>, %out: memref<3x8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<3x8xf32, #hal.memory<device>> to tensor<3x8xf32>
    %e = tensor.empty() : tensor<3x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<3x8xf32>) outs(%e : tensor<3x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 5]>} {
    ^bb0(%p: f32, %o: f32):
      %n = arith.negf %p : f32
      linalg.yield %n : f32
    } -> tensor<3x8xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<3x8xf32>, memref<3x8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      scf.for %4 = %1 to %2 step %3 {
// CHECK-NEXT:   %5 = tensor.extract_slice %0[%4, 0] [1, 5] [1, 1] : tensor<3x8xf32> to tensor<1x5xf32>
// CHECK:        %7 = linalg.generic {{.*}} ins(%5 : tensor<1x5xf32>) outs(%6 : tensor<1x5xf32>) attrs =  {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 5]>} {
// CHECK:        } -> tensor<1x5xf32>
// CHECK-NEXT:   %out_1 = memref.subview %out[%4, 0] [1, 5] [1, 1] : memref<{{.*}}> to memref<{{.*}}>
// CHECK-NEXT:   bufferization.materialize_in_destination %7 in restrict writable %out_1 : (tensor<1x5xf32>, memref<{{.*}}>) -> ()
// CHECK-NEXT:   %8 = tensor.extract_slice %0[%4, 5] [1, 3] [1, 1] : tensor<3x8xf32> to tensor<1x3xf32>
// CHECK:        %10 = linalg.generic {{.*}} ins(%8 : tensor<1x3xf32>) outs(%9 : tensor<1x3xf32>) attrs =  {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 5]>} {
// CHECK:        } -> tensor<1x3xf32>
