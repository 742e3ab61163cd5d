// Negative amounts cut; what is left has its places in a tensor of the padding value, a step apart.
// RUN: zellige-opt %s -p legalize-stablehlo-shapes | filecheck %s

func.func @main(%a: tensor<5x4xf32>, %p: tensor<f32>) -> (tensor<7x5xf32>, tensor<5x2xf32>, tensor<5x3xf32>) {
  %0 = stablehlo.pad %a, %p, low = [1, -1], high = [1, -1], interior = [0, 1] : (tensor<5x4xf32>, tensor<f32>) -> tensor<7x5xf32>
  %1 = stablehlo.pad %a, %p, low = [0, -1], high = [0, -1], interior = [0, 0] : (tensor<5x4xf32>, tensor<f32>) -> tensor<5x2xf32>
  %2 = stablehlo.pad %a, %p, low = [0, 3], high = [0, -4], interior = [0, 0] : (tensor<5x4xf32>, tensor<f32>) -> tensor<5x3xf32>
  return %0, %1, %2 : tensor<7x5xf32>, tensor<5x2xf32>, tensor<5x3xf32>
}

// CHECK:      %[[PART:.*]] = tensor.extract_slice %a[0, 1] [5, 2] [1, 1]
// CHECK:      %[[ALL:.*]] = linalg.generic {{.*}} ins(%p : tensor<f32>)
// CHECK:      %[[R0:.*]] = tensor.insert_slice %[[PART]] into %[[ALL]][1, 1] [5, 2] [1, 2] : tensor<5x2xf32> into tensor<7x5xf32>
// CHECK-NEXT: %[[R1:.*]] = tensor.extract_slice %a[0, 1] [5, 2] [1, 1]
// CHECK:      %[[R2:.*]] = linalg.generic {{.*}} ins(%p : tensor<f32>)
// CHECK:      func.return %[[R0]], %[[R1]], %[[R2]]
