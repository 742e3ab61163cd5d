// Ops read and print as torch-mlir writes them, and have a generic form.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @f(%x: tensor<6x15xf32>, %e: tensor<6x15xf32>, %init: tensor<6xf32>, %v: tensor<6x5xf32>, %p: tensor<6x5xi32>) {
  %0:2 = tm_tensor.scan dimension(1) inclusive(true) ins(%x : tensor<6x15xf32>) outs(%e, %init : tensor<6x15xf32>, tensor<6xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    tm_tensor.yield %s : f32
  } -> tensor<6x15xf32>, tensor<6xf32>
  %1 = tm_tensor.sort dimension(1) outs(%x : tensor<6x15xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.cmpf oge, %a, %b : f32
    tm_tensor.yield %c : i1
  } -> tensor<6x15xf32>
  return
}

// CHECK:      %0, %1 = tm_tensor.scan dimension(1) inclusive(true) ins(%x : tensor<6x15xf32>) outs(%e, %init : tensor<6x15xf32>, tensor<6xf32>) {
// CHECK-NEXT: ^bb0(%a: f32, %b: f32):
// CHECK-NEXT:   %s = arith.addf %a, %b : f32
// CHECK-NEXT:   tm_tensor.yield %s : f32
// CHECK-NEXT: } -> tensor<6x15xf32>, tensor<6xf32>
// CHECK-NEXT: %2 = tm_tensor.sort dimension(1) outs(%x : tensor<6x15xf32>) {
// CHECK:      } -> tensor<6x15xf32>
