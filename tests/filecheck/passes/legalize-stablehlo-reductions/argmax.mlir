// Several values are one generic with several results; the values so far come first in the body that is given.
// RUN: zellige-opt %s -p legalize-stablehlo-reductions | filecheck %s

func.func @main(%x: tensor<4x8xf32>, %i: tensor<4x8xi32>, %z: tensor<f32>, %n: tensor<i32>) -> (tensor<4xf32>, tensor<4xi32>) {
  %0:2 = stablehlo.reduce(%x init: %z), (%i init: %n) across dimensions = [1] : (tensor<4x8xf32>, tensor<4x8xi32>, tensor<f32>, tensor<i32>) -> (tensor<4xf32>, tensor<4xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%c: tensor<i32>, %d: tensor<i32>)  {
    %p = stablehlo.compare GE, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %v = stablehlo.select %p, %a, %b : tensor<i1>, tensor<f32>
    %w = stablehlo.select %p, %c, %d : tensor<i1>, tensor<i32>
    stablehlo.return %v, %w : tensor<f32>, tensor<i32>
  }
  return %0#0, %0#1 : tensor<4xf32>, tensor<4xi32>
}

// CHECK:      linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%x, %i : tensor<4x8xf32>, tensor<4x8xi32>)
// CHECK-NEXT: ^{{.*}}(%[[X:.*]]: f32, %[[I:.*]]: i32, %[[BEST:.*]]: f32, %[[AT:.*]]: i32):
// CHECK-NEXT:   %p = arith.cmpf oge, %[[BEST]], %[[X]] : f32
// CHECK-NEXT:   %v = arith.select %p, %[[BEST]], %[[X]] : f32
// CHECK-NEXT:   %w = arith.select %p, %[[AT]], %[[I]] : i32
// CHECK-NEXT:   linalg.yield %v, %w : f32, i32
