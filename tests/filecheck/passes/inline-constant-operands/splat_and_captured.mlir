// Splat inputs become scalars of the body, captured constants are copied into it.
// RUN: zellige-opt %s -p inline-constant-operands | filecheck %s

func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {
  %half = arith.constant dense<0.5> : tensor<f32>
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a, %half : tensor<8xf32>, tensor<f32>) outs(%e : tensor<8xf32>) {
  ^bb0(%x: f32, %h: f32, %o: f32):
    %0 = arith.mulf %x, %h : f32
    %1 = arith.addf %0, %two : f32
    linalg.yield %1 : f32
  } -> tensor<8xf32>
  return %t : tensor<8xf32>
}

// CHECK:      linalg.generic {{.*}} ins(%a : tensor<8xf32>)
// CHECK-NEXT: ^{{.*}}(%[[X:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT:   %[[TWO:.*]] = arith.constant 2.000000e+00 : f32
// CHECK-NEXT:   %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK-NEXT:   %[[P:.*]] = arith.mulf %[[X]], %[[HALF]] : f32
// CHECK-NEXT:   arith.addf %[[P]], %[[TWO]] : f32
