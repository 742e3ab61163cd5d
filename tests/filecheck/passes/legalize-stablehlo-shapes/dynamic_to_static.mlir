// A reshape into sizes that are all known takes a tensor of open ones.
// RUN: zellige-opt %s -p legalize-stablehlo-shapes | filecheck %s

func.func @reshape(%x: tensor<?x2xf32>) -> tensor<3x4xf32> {
  %0 = stablehlo.reshape %x : (tensor<?x2xf32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// CHECK:      %0 = tensor.collapse_shape %x
// CHECK-SAME:   tensor<?x2xf32> into tensor<?xf32>
// CHECK-NEXT: %1 = tensor.cast %0 : tensor<?xf32> to tensor<12xf32>
// CHECK-NEXT: %2 = tensor.expand_shape %1
// CHECK-SAME:   tensor<12xf32> into tensor<3x4xf32>
