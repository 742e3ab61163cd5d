// Slice sizes that are known have to give the type of the result.
// RUN: DIAG -p legalize-stablehlo-elementwise,legalize-stablehlo-indexing

func.func @main(%x: tensor<20x6xf32>, %i: tensor<4x1xi64>) -> tensor<4x6xf32> {
  %sizes = stablehlo.constant dense<[1, 5]> : tensor<2xi64>
  // expected-error@below {{expected a result of type tensor<4x5xf32>, got tensor<4x6xf32>}}
  %0 = "stablehlo.dynamic_gather"(%x, %i, %sizes) <{
    dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>
  }> : (tensor<20x6xf32>, tensor<4x1xi64>, tensor<2xi64>) -> tensor<4x6xf32>
  return %0 : tensor<4x6xf32>
}
