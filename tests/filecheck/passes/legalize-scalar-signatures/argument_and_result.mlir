// A scalar argument is read from a 0-d tensor, a scalar result is written to one; tensors stay as they are.
// RUN: zellige-opt %s -p legalize-scalar-signatures | filecheck %s

func.func @main(%n: i32, %t: tensor<4xf32>) -> (i32, tensor<4xf32>) {
  return %n, %t : i32, tensor<4xf32>
}

// CHECK:      func.func @main(%n: tensor<i32>, %t: tensor<4xf32>) -> (tensor<i32>, tensor<4xf32>) {
// CHECK-NEXT:   %[[N:.*]] = tensor.extract %n[] : tensor<i32>
// CHECK-NEXT:   %[[E:.*]] = tensor.empty() : tensor<i32>
// CHECK-NEXT:   %[[R:.*]] = linalg.generic {{.*}} ins(%[[N]] : i32) outs(%[[E]] : tensor<i32>)
// CHECK:        func.return %[[R]], %t : tensor<i32>, tensor<4xf32>
