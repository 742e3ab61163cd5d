// Tensors without dimensions and without elements read and print as upstream writes them.
// RUN: ROUNDTRIP

func.func @f(%a: tensor<f32>, %b: tensor<0x3xf32>) {
  %0 = tensor.expand_shape %a [] output_shape [1, 1] : tensor<f32> into tensor<1x1xf32>
  %1 = tensor.collapse_shape %0 [] : tensor<1x1xf32> into tensor<f32>
  %2 = tensor.extract %1[] : tensor<f32>
  %3 = tensor.extract_slice %0[0, 0] [1, 1] [1, 1] : tensor<1x1xf32> to tensor<f32>
  %4 = arith.constant dense<> : tensor<0x3xf32>
  %5 = tensor.concat dim(0) %4, %b : (tensor<0x3xf32>, tensor<0x3xf32>) -> tensor<0x3xf32>
  return
}

// CHECK:      %0 = tensor.expand_shape %a [] output_shape [1, 1] : tensor<f32> into tensor<1x1xf32>
// CHECK-NEXT: %1 = tensor.collapse_shape %0 [] : tensor<1x1xf32> into tensor<f32>
// CHECK-NEXT: %2 = tensor.extract %1[] : tensor<f32>
// CHECK-NEXT: %3 = tensor.extract_slice %0[0, 0] [1, 1] [1, 1] : tensor<1x1xf32> to tensor<f32>
// CHECK-NEXT: %4 = arith.constant dense<> : tensor<0x3xf32>
// CHECK-NEXT: %5 = tensor.concat dim(0) %4, %b : (tensor<0x3xf32>, tensor<0x3xf32>) -> tensor<0x3xf32>
