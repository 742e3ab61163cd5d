// A row is summed up in lanes that start at the neutral element; lanes are combined once, and so is the rest of the row.
// RUN: zellige-opt %s -p 'vectorize-generics' | filecheck %s

flow.executable @row workgroups [1, 1, 1] {
  func.func @row(%a: memref<10xf32, #hal.memory<device>>, %out: memref<f32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<10xf32, #hal.memory<device>> to tensor<10xf32>
    %1 = bufferization.to_tensor %out restrict : memref<f32, #hal.memory<device>> to tensor<f32>
    %2 = linalg.generic {indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> ()>], iterator_types = ["reduction"]} ins(%0 : tensor<10xf32>) outs(%1 : tensor<f32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [4]>} {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %o, %p : f32
      linalg.yield %s : f32
    } -> tensor<f32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<f32>, memref<f32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %3 = arith.constant -0.000000e+00 : f32
// CHECK-NEXT: %4 = vector.broadcast %3 : f32 to vector<4xf32>
// CHECK-NEXT: %5 = arith.constant 0 : index
// CHECK-NEXT: %6 = arith.constant 8 : index
// CHECK-NEXT: %7 = arith.constant 4 : index
// CHECK-NEXT: %8 = scf.for %9 = %5 to %6 step %7 iter_args(%10 = %4) -> (vector<4xf32>) {
// CHECK-NEXT:   %11 = tensor.extract_slice %0[%9] [4] [1] : tensor<10xf32> to tensor<4xf32>
// CHECK-NEXT:   %12 = arith.constant 0 : index
// CHECK-NEXT:   %13 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:   %14 = vector.transfer_read %11[%12], %13 {in_bounds = [true]} : tensor<4xf32>, vector<4xf32>
// CHECK-NEXT:   %s = arith.addf %10, %14 : vector<4xf32>
// CHECK-NEXT:   scf.yield %s : vector<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: %15 = vector.reduction <add>, %8 : vector<4xf32> into f32
// CHECK-NEXT: %16 = arith.addf %2, %15 : f32
// CHECK-NEXT: %17 = arith.constant -0.000000e+00 : f32
// CHECK-NEXT: %18 = vector.broadcast %17 : f32 to vector<2xf32>
// CHECK-NEXT: %19 = tensor.extract_slice %0[8] [2] [1] : tensor<10xf32> to tensor<2xf32>
// CHECK-NEXT: %20 = arith.constant 0 : index
// CHECK-NEXT: %21 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: %22 = vector.transfer_read %19[%20], %21 {in_bounds = [true]} : tensor<2xf32>, vector<2xf32>
// CHECK-NEXT: %s_1 = arith.addf %18, %22 : vector<2xf32>
// CHECK-NEXT: %23 = vector.reduction <add>, %s_1 : vector<2xf32> into f32
