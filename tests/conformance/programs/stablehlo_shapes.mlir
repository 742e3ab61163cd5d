// Elements that only move: broadcast, transposed, cut, padded between and around, joined, reversed, counted.
func.func @main(%x: tensor<5x4xf32>, %y: tensor<3xi8>, %p: tensor<f32>)
    -> (tensor<7x5xf32>, tensor<4x2x5xf32>, tensor<3x2xf32>, tensor<9x4xf32>, tensor<2x3xi8>, tensor<4x5xf32>, tensor<3x4xf32>, tensor<2x6xi16>) {
  %0 = stablehlo.pad %x, %p, low = [1, -1], high = [1, -1], interior = [0, 3] : (tensor<5x4xf32>, tensor<f32>) -> tensor<7x11xf32>
  %1 = stablehlo.slice %0 [0:7, 1:11:2] : (tensor<7x11xf32>) -> tensor<7x5xf32>
  %2 = stablehlo.transpose %x, dims = [1, 0] : (tensor<5x4xf32>) -> tensor<4x5xf32>
  %3 = stablehlo.broadcast_in_dim %2, dims = [0, 2] : (tensor<4x5xf32>) -> tensor<4x2x5xf32>
  %4 = stablehlo.slice %x [1:4, 1:4:2] : (tensor<5x4xf32>) -> tensor<3x2xf32>
  %5 = stablehlo.reverse %4, dims = [0, 1] : tensor<3x2xf32>
  %6 = stablehlo.slice %x [1:5, 0:4] : (tensor<5x4xf32>) -> tensor<4x4xf32>
  %7 = stablehlo.reverse %6, dims = [1] : tensor<4x4xf32>
  %8 = stablehlo.concatenate %7, %x, dim = 0 : (tensor<4x4xf32>, tensor<5x4xf32>) -> tensor<9x4xf32>
  %9 = stablehlo.reverse %y, dims = [0] : tensor<3xi8>
  %10 = stablehlo.broadcast_in_dim %9, dims = [1] : (tensor<3xi8>) -> tensor<2x3xi8>
  %11 = stablehlo.reshape %x : (tensor<5x4xf32>) -> tensor<2x1x10xf32>
  %12 = stablehlo.reshape %11 : (tensor<2x1x10xf32>) -> tensor<4x5xf32>
  %13 = stablehlo.iota dim = 1 : tensor<3x4xf32>
  %14 = stablehlo.get_dimension_size %x, dim = 1 : (tensor<5x4xf32>) -> tensor<i32>
  %15 = stablehlo.reshape %14 : (tensor<i32>) -> tensor<1xi32>
  %16 = stablehlo.constant dense<2> : tensor<1xi32>
  %17 = stablehlo.add %15, %16 : tensor<1xi32>
  %18 = stablehlo.concatenate %16, %17, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %19 = stablehlo.dynamic_iota %18, dim = 1 : (tensor<2xi32>) -> tensor<2x6xi16>
  return %1, %3, %5, %8, %10, %12, %13, %19
    : tensor<7x5xf32>, tensor<4x2x5xf32>, tensor<3x2xf32>, tensor<9x4xf32>, tensor<2x3xi8>, tensor<4x5xf32>, tensor<3x4xf32>, tensor<2x6xi16>
}
