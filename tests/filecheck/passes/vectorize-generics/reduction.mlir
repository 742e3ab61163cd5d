// A reduction of vectors is a loop that carries one, and a producer in the same block hands over its vector.
// RUN: zellige-opt %s -p 'vectorize-generics' | filecheck %s

flow.executable @dot workgroups [1, 1, 1] {
  func.func @dot(%a: memref<2x10xf32, #hal.memory<device>>, %out: memref<2xf32, #hal.memory<device>>) {
    %zero = arith.constant 0.0 : f32
    %0 = bufferization.to_tensor %a restrict : memref<2x10xf32, #hal.memory<device>> to tensor<2x10xf32>
    %e = tensor.empty() : tensor<2xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%e : tensor<2xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [2]>} {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
    } -> tensor<2xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<2x10xf32>) outs(%1 : tensor<2xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [2, 1]>} {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %o, %p : f32
      linalg.yield %s : f32
    } -> tensor<2xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<2xf32>, memref<2xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %1 = vector.broadcast %zero : f32 to vector<2xf32>
// CHECK-NEXT: %2 = arith.constant 0 : index
// CHECK-NEXT: %3 = arith.constant 10 : index
// CHECK-NEXT: %4 = arith.constant 1 : index
// CHECK-NEXT: %5 = scf.for %6 = %2 to %3 step %4 iter_args(%7 = %1) -> (vector<2xf32>) {
// CHECK-NEXT:   %8 = tensor.extract_slice %0[0, %6] [2, 1] [1, 1] : tensor<2x10xf32> to tensor<2x1xf32>
// CHECK-NEXT:   %9 = arith.constant 0 : index
// CHECK-NEXT:   %10 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:   %11 = vector.transfer_read %8[%9, %9], %10 {in_bounds = [true], permutation_map = affine_map<(d0, d1) -> (d0)>} : tensor<2x1xf32>, vector<2xf32>
// CHECK-NEXT:   %s = arith.addf %7, %11 : vector<2xf32>
// CHECK-NEXT:   scf.yield %s : vector<2xf32>
// CHECK-NEXT: }
// CHECK-NEXT: %12 = arith.constant 0 : index
