// The size of a static dimension is a number; a reshape goes through one dimension.
// RUN: zellige-opt %s -p fold-static-shapes | filecheck %s

func.func @main(%a: tensor<4x6xf32>) -> (index, tensor<3x8xf32>) {
  %c1 = arith.constant 1 : index
  %d = tensor.dim %a, %c1 : tensor<4x6xf32>
  %shape = arith.constant dense<[3, 8]> : tensor<2xi64>
  %r = tensor.reshape %a(%shape) : (tensor<4x6xf32>, tensor<2xi64>) -> tensor<3x8xf32>
  return %d, %r : index, tensor<3x8xf32>
}

// CHECK:      %[[D:.*]] = arith.constant 6 : index
// CHECK:      %[[F:.*]] = tensor.collapse_shape %a {{.*}} : tensor<4x6xf32> into tensor<24xf32>
// CHECK-NEXT: %[[R:.*]] = tensor.expand_shape %[[F]] {{.*}} output_shape [3, 8] : tensor<24xf32> into tensor<3x8xf32>
// CHECK-NEXT: func.return %[[D]], %[[R]]
