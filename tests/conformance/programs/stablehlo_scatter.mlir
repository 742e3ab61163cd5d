// Rows that are added to twice, elements of a batch, windows that stick out, and two tensors with one region.
func.func @main(%x: tensor<6x9xf32>, %i: tensor<2x2xi32>, %u: tensor<2x2x9xf32>, %y: tensor<3x4xi32>, %j: tensor<3x2x1xi64>,
                %v: tensor<3x2xi32>, %k: tensor<2x3xui8>, %w: tensor<2x3x3xi32>)
    -> (tensor<6x9xf32>, tensor<3x4xi32>, tensor<3x4xi32>, tensor<3x4xi32>) {
  %0 = "stablehlo.scatter"(%x, %i, %u) <{
    indices_are_sorted = false, unique_indices = false,
    scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], inserted_window_dims = [0],
                                                   scatter_dims_to_operand_dims = [0], index_vector_dim = 2>
  }> ({
  ^bb0(%old: tensor<f32>, %new: tensor<f32>):
    %sum = stablehlo.add %old, %new : tensor<f32>
    stablehlo.return %sum : tensor<f32>
  }) : (tensor<6x9xf32>, tensor<2x2xi32>, tensor<2x2x9xf32>) -> tensor<6x9xf32>
  %1 = "stablehlo.scatter"(%y, %j, %v) <{
    scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [1], input_batching_dims = [0],
      scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>
  }> ({
  ^bb0(%old: tensor<i32>, %new: tensor<i32>):
    stablehlo.return %new : tensor<i32>
  }) : (tensor<3x4xi32>, tensor<3x2x1xi64>, tensor<3x2xi32>) -> tensor<3x4xi32>
  %2:2 = "stablehlo.scatter"(%y, %y, %k, %w, %w) <{
    scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0, 1], scatter_dims_to_operand_dims = [1, 0]>
  }> ({
  ^bb0(%p: tensor<i32>, %q: tensor<i32>, %a: tensor<i32>, %b: tensor<i32>):
    %sum = stablehlo.add %p, %a : tensor<i32>
    %most = stablehlo.maximum %q, %b : tensor<i32>
    stablehlo.return %sum, %most : tensor<i32>, tensor<i32>
  }) : (tensor<3x4xi32>, tensor<3x4xi32>, tensor<2x3xui8>, tensor<2x3x3xi32>, tensor<2x3x3xi32>)
    -> (tensor<3x4xi32>, tensor<3x4xi32>)
  return %0, %1, %2#0, %2#1 : tensor<6x9xf32>, tensor<3x4xi32>, tensor<3x4xi32>, tensor<3x4xi32>
}
