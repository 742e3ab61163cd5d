// Convolutions and poolings read and print as upstream writes them, with strides and dilations as tensor or vector.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @windows(%x: tensor<1x2x9x9xf32>, %w: tensor<3x2x3x3xf32>, %y: tensor<1x3x4x4xf32>, %d: tensor<2x3x3xf32>,
                   %z: tensor<1x2x7x7xf32>, %k: tensor<3x3xf32>, %s: tensor<1x4x9xf32>, %f: tensor<5x4x3xf32>,
                   %t: tensor<1x5x5xf32>) {
  %0 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%x, %w : tensor<1x2x9x9xf32>, tensor<3x2x3x3xf32>) outs(%y : tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32>
  %1 = linalg.depthwise_conv_2d_nchw_chw ins(%x, %d : tensor<1x2x9x9xf32>, tensor<2x3x3xf32>) outs(%z : tensor<1x2x7x7xf32>) -> tensor<1x2x7x7xf32>
  %2 = linalg.pooling_nchw_max {strides = dense<1> : tensor<2xi64>} ins(%x, %k : tensor<1x2x9x9xf32>, tensor<3x3xf32>) outs(%z : tensor<1x2x7x7xf32>) -> tensor<1x2x7x7xf32>
  %3 = linalg.conv_1d_ncw_fcw {dilations = dense<2> : tensor<1xi64>, strides = dense<1> : tensor<1xi64>} ins(%s, %f : tensor<1x4x9xf32>, tensor<5x4x3xf32>) outs(%t : tensor<1x5x5xf32>) -> tensor<1x5x5xf32>
  return
}

// CHECK:      %0 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%x, %w : tensor<1x2x9x9xf32>, tensor<3x2x3x3xf32>) outs(%y : tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32>
// CHECK-NEXT: %1 = linalg.depthwise_conv_2d_nchw_chw ins(%x, %d : tensor<1x2x9x9xf32>, tensor<2x3x3xf32>) outs(%z : tensor<1x2x7x7xf32>) -> tensor<1x2x7x7xf32>
// CHECK-NEXT: %2 = linalg.pooling_nchw_max {strides = dense<1> : tensor<2xi64>} ins(%x, %k : tensor<1x2x9x9xf32>, tensor<3x3xf32>) outs(%z : tensor<1x2x7x7xf32>) -> tensor<1x2x7x7xf32>
// CHECK-NEXT: %3 = linalg.conv_1d_ncw_fcw {dilations = dense<2> : tensor<1xi64>, strides = dense<1> : tensor<1xi64>} ins(%s, %f : tensor<1x4x9xf32>, tensor<5x4x3xf32>) outs(%t : tensor<1x5x5xf32>) -> tensor<1x5x5xf32>
