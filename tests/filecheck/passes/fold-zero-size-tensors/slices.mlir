// A slice without elements is an empty tensor, and putting it somewhere changes nothing.
// RUN: zellige-opt %s -p fold-zero-size-tensors | filecheck %s

func.func @main(%a: tensor<4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<0xi32>) {
  %nothing = tensor.extract_slice %a[4] [0] [1] : tensor<4xf32> to tensor<0xf32>
  %same = tensor.insert_slice %nothing into %b[0] [0] [1] : tensor<0xf32> into tensor<4xf32>
  %constant = arith.constant dense<> : tensor<0xi32>
  return %same, %constant : tensor<4xf32>, tensor<0xi32>
}

// CHECK:      func.func @main
// CHECK-NEXT:   %nothing = tensor.empty() : tensor<0xf32>
// CHECK-NEXT:   %constant = tensor.empty() : tensor<0xi32>
// CHECK-NEXT:   func.return %b, %constant
