// A cast that forgets a size goes when what reads it takes any size.
// RUN: zellige-opt %s -p fold-static-shapes | filecheck %s

func.func @main(%a: tensor<3x1xf32>, %b: tensor<3x4xf32>) -> tensor<3x5xf32> {
  %0 = tensor.cast %a : tensor<3x1xf32> to tensor<3x?xf32>
  %1 = tensor.cast %b : tensor<3x4xf32> to tensor<3x?xf32>
  %2 = tensor.concat dim(1) %0, %1 : (tensor<3x?xf32>, tensor<3x?xf32>) -> tensor<3x5xf32>
  return %2 : tensor<3x5xf32>
}

// CHECK:      func.func
// CHECK-NEXT:   tensor.concat dim(1) %a, %b : (tensor<3x1xf32>, tensor<3x4xf32>) -> tensor<3x5xf32>
