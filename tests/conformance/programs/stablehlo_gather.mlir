// Rows, elements, windows and batches at indices of several types; what sticks out is moved inside.
func.func @main(%x: tensor<9x21xf32>, %i: tensor<2x3xi32>, %y: tensor<5x6xi8>, %j: tensor<4x2xui8>, %z: tensor<3x4x5xf64>,
                %k: tensor<3x2x1xi64>, %e: tensor<2x3xi32>)
    -> (tensor<2x3x21xf32>, tensor<2x4x3xi8>, tensor<3x2x5xf64>, tensor<2x3xf32>, tensor<3x2x5xf64>) {
  %0 = "stablehlo.gather"(%x, %i) <{
    dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [0], start_index_map = [0],
                                          index_vector_dim = 2>,
    indices_are_sorted = false, slice_sizes = array<i64: 1, 21>
  }> : (tensor<9x21xf32>, tensor<2x3xi32>) -> tensor<2x3x21xf32>
  %1 = "stablehlo.gather"(%y, %j) <{
    dimension_numbers = #stablehlo.gather<offset_dims = [0, 2], start_index_map = [1, 0], index_vector_dim = 1>,
    slice_sizes = array<i64: 2, 3>
  }> : (tensor<5x6xi8>, tensor<4x2xui8>) -> tensor<2x4x3xi8>
  %2 = "stablehlo.gather"(%z, %k) <{
    dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [1], operand_batching_dims = [0],
                                          start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>,
    slice_sizes = array<i64: 1, 1, 5>
  }> : (tensor<3x4x5xf64>, tensor<3x2x1xi64>) -> tensor<3x2x5xf64>
  %sizes = stablehlo.constant dense<1> : tensor<2xi64>
  %3 = "stablehlo.dynamic_gather"(%x, %e, %sizes) <{
    dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0, 1], start_index_map = [0, 1], index_vector_dim = 0>
  }> : (tensor<9x21xf32>, tensor<2x3xi32>, tensor<2xi64>) -> tensor<3xf32>
  %4 = stablehlo.broadcast_in_dim %3, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
  %5 = stablehlo.reshape %k : (tensor<3x2x1xi64>) -> tensor<3x2xi64>
  %6 = "stablehlo.torch_index_select"(%z, %5) <{dim = 1 : i64, batch_dims = 1 : i64}>
    : (tensor<3x4x5xf64>, tensor<3x2xi64>) -> tensor<3x2x5xf64>
  return %0, %1, %2, %4, %6
      : tensor<2x3x21xf32>, tensor<2x4x3xi8>, tensor<3x2x5xf64>, tensor<2x3xf32>, tensor<3x2x5xf64>
}
