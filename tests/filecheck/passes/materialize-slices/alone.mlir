// A slice that a generic reads stays a slice; one that is returned, sliced again or inserted is copied.
// RUN: zellige-opt %s -p materialize-slices | filecheck %s

func.func @main(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> (tensor<4x3xf32>, tensor<4x8xf32>) {
  %s = tensor.extract_slice %x[0, 2] [4, 3] [1, 1] : tensor<4x8xf32> to tensor<4x3xf32>
  %0 = tensor.insert_slice %s into %y[0, 0] [4, 3] [1, 1] : tensor<4x3xf32> into tensor<4x8xf32>
  func.return %s, %0 : tensor<4x3xf32>, tensor<4x8xf32>
}

// CHECK:      %s = tensor.extract_slice %x
// CHECK-NEXT: %0 = tensor.empty() : tensor<4x3xf32>
// CHECK-NEXT: %s_1 = linalg.generic {{.*}} ins(%s : tensor<4x3xf32>) outs(%0 : tensor<4x3xf32>)
// CHECK:      %3 = tensor.empty() : tensor<4x3xf32>
// CHECK-NEXT: %s_2 = linalg.generic {{.*}} ins(%s_1 : tensor<4x3xf32>) outs(%3 : tensor<4x3xf32>)
// CHECK:      %6 = tensor.insert_slice %s_2 into %y
// CHECK-NEXT: func.return %s_1, %6
