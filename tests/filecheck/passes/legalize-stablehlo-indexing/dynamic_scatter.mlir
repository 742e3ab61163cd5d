// A scatter of sizes that are not known joins the dimensions of its indices, and its windows have those of the operand.
// RUN: zellige-opt %s -p legalize-stablehlo-indexing | filecheck %s

func.func @main(%x: tensor<?x6xf32>, %i: tensor<?x3x1xi32>, %u: tensor<?x3x6xf32>) -> tensor<?x6xf32> {
  %0 = "stablehlo.scatter"(%x, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 2>, indices_are_sorted = false, unique_indices = false}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %sum = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %sum : tensor<f32>
  }) : (tensor<?x6xf32>, tensor<?x3x1xi32>, tensor<?x3x6xf32>) -> tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

// CHECK:      %[[BATCH:.*]] = tensor.dim %i
// CHECK:      %[[COUNT:.*]] = arith.muli %[[BATCH]]
// CHECK:      %[[FLAT:.*]] = tensor.collapse_shape %i
// CHECK:      %[[INDICES:.*]] = tensor.expand_shape %[[FLAT]] {{.*}} output_shape [%[[COUNT]], 1] : tensor<?xi32> into tensor<?x1xi32>
// CHECK:      %[[WINDOWS:.*]] = tensor.expand_shape {{.*}} : tensor<?xf32> into tensor<?x1x6xf32>
// CHECK:      linalg_ext.scatter dims = [0] into(%x : tensor<?x6xf32>) ins(%[[INDICES]], %[[WINDOWS]] : tensor<?x1xi32>, tensor<?x1x6xf32>)
