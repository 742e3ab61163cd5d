// A scan makes a value; what it starts from counts for an exclusive one; the accumulator is the last that comes out.
// RUN: zellige-opt %s -p legalize-linalg-ext | filecheck %s

func.func @f(%x: tensor<6x15xf32>, %e: tensor<6x15xf32>, %init: tensor<6xf32>) -> (tensor<6x15xf32>, tensor<6x15xf32>, tensor<6xf32>) {
  %0:2 = tm_tensor.scan dimension(1) inclusive(true) ins(%x : tensor<6x15xf32>) outs(%e, %init : tensor<6x15xf32>, tensor<6xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    tm_tensor.yield %s : f32
  } -> tensor<6x15xf32>, tensor<6xf32>
  %1:2 = iree_linalg_ext.scan dimension(1) inclusive(false) ins(%x : tensor<6x15xf32>) outs(%e, %init : tensor<6x15xf32>, tensor<6xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    iree_linalg_ext.yield %s : f32
  } -> tensor<6x15xf32>, tensor<6xf32>
  return %0#0, %1#0, %1#1 : tensor<6x15xf32>, tensor<6x15xf32>, tensor<6xf32>
}

// CHECK:      %0 = linalg_ext.scan dimension(1) inclusive(true) reverse(false) ins(%x : tensor<6x15xf32>) {
// CHECK-NEXT: ^bb0(%a: f32, %b: f32):
// CHECK-NEXT:   %s = arith.addf %a, %b : f32
// CHECK-NEXT:   linalg_ext.yield %s : f32
// CHECK-NEXT: } -> tensor<6x15xf32>
// CHECK-NEXT: %1 = linalg_ext.scan dimension(1) inclusive(false) reverse(false) ins(%x : tensor<6x15xf32>) init(%init : tensor<6xf32>) {
// CHECK:      } -> tensor<6x15xf32>
// CHECK-NEXT: %2 = tensor.extract_slice %1[0, 14] [6, 1] [1, 1] : tensor<6x15xf32> to tensor<6xf32>
// CHECK-NEXT: func.return %0, %1, %2
