// Sizes that are open are those of the operand that has them; a constant takes them from what it is like.
// RUN: zellige-opt %s -p legalize-chlo | filecheck %s

func.func @f(%x: tensor<?x4xf32>, %y: tensor<4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = chlo.broadcast_add %x, %y : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = "chlo.constant_like"(%0) {value = 2.0 : f32} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}

// CHECK:      %[[#SIZE:]] = tensor.dim %x, %{{.*}} : tensor<?x4xf32>
// CHECK:      %[[#SHAPE:]] = tensor.from_elements %[[#SIZE]], %{{.*}} : tensor<2xindex>
// CHECK-NEXT: %[[#WIDE:]] = stablehlo.dynamic_broadcast_in_dim %y, %[[#SHAPE]], dims = [1]
// CHECK-NEXT: %[[#SUM:]] = stablehlo.add %x, %[[#WIDE]] : tensor<?x4xf32>
// CHECK:      %[[#TWO:]] = stablehlo.constant dense<2.000000e+00> : tensor<f32>
// CHECK:      tensor.dim %[[#SUM]]
// CHECK:      stablehlo.dynamic_broadcast_in_dim %[[#TWO]]
