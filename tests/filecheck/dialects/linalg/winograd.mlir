// The transforms of Winograd's convolution, also along one dimension only.
// RUN: ROUNDTRIP

func.func @main(%f: tensor<2x3x1x5xf32>, %a: tensor<6x1x5x2xf32>, %x: tensor<1x10x10x5xf32>, %b: tensor<4x4x4x4x1x5xf32>, %v: tensor<6x6x2x3x1x2xf32>, %y: tensor<1x4x6x2xf32>) {
  %0 = linalg.winograd_filter_transform fmr(F_4_3) ins(%f : tensor<2x3x1x5xf32>) outs(%a : tensor<6x1x5x2xf32>) -> tensor<6x1x5x2xf32>
  %1 = linalg.winograd_input_transform fmr(F_2_3) ins(%x : tensor<1x10x10x5xf32>) outs(%b : tensor<4x4x4x4x1x5xf32>) -> tensor<4x4x4x4x1x5xf32>
  %2 = linalg.winograd_output_transform fmr(F_2_5) ins(%v : tensor<6x6x2x3x1x2xf32>) outs(%y : tensor<1x4x6x2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// CHECK:      %0 = linalg.winograd_filter_transform fmr(F_4_3) ins(%f : tensor<2x3x1x5xf32>) outs(%a : tensor<6x1x5x2xf32>) -> tensor<6x1x5x2xf32>
// CHECK-NEXT: %1 = linalg.winograd_input_transform fmr(F_2_3) ins(%x : tensor<1x10x10x5xf32>) outs(%b : tensor<4x4x4x4x1x5xf32>) -> tensor<4x4x4x4x1x5xf32>
// CHECK-NEXT: %2 = linalg.winograd_output_transform fmr(F_2_5) ins(%v : tensor<6x6x2x3x1x2xf32>) outs(%y : tensor<1x4x6x2xf32>) -> tensor<1x4x6x2xf32>
