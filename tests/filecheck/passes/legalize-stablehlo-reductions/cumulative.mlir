// A window over all elements from each one on is a scan, when what it starts from changes nothing.
// RUN: zellige-opt %s -p legalize-stablehlo-reductions | filecheck %s

func.func @main(%x: tensor<4x40xf32>) -> (tensor<4x40xf32>, tensor<4x40xf32>) {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %0 = "stablehlo.reduce_window"(%x, %zero) <{padding = dense<[[0, 0], [0, 39]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 40>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x40xf32>, tensor<f32>) -> tensor<4x40xf32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %2 = "stablehlo.reduce_window"(%x, %one) <{padding = dense<[[0, 0], [0, 39]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 40>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %3 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %3 : tensor<f32>
  }) : (tensor<4x40xf32>, tensor<f32>) -> tensor<4x40xf32>
  return %0, %2 : tensor<4x40xf32>, tensor<4x40xf32>
}

// CHECK:      linalg_ext.scan dimension(1) inclusive(true) reverse(true) ins(%x : tensor<4x40xf32>) init(%{{.*}} : tensor<4xf32>) {
// CHECK-NEXT: ^{{.*}}(%[[SUM:.*]]: f32, %[[X:.*]]: f32):
// CHECK-NEXT:   %[[NEXT:.*]] = arith.addf %[[SUM]], %[[X]] : f32
// CHECK-NEXT:   linalg_ext.yield %[[NEXT]] : f32
// CHECK:      stablehlo.pad %x, %{{.*}}, low = [0, 0], high = [0, 39]
