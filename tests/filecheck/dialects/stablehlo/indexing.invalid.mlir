// Dimensions, sizes and regions that do not go together are refused with what was expected.
// RUN: DIAG

func.func @f(%x: tensor<12x8xf32>, %i: tensor<4x1xi64>) {
  // expected-error@below {{expected a result of type tensor<4x8xf32>, got tensor<4x7xf32>}}
  %0 = "stablehlo.gather"(%x, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 8>}> : (tensor<12x8xf32>, tensor<4x1xi64>) -> tensor<4x7xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>, %i: tensor<4x1xi64>) {
  // expected-error@below {{dimension 0: expected a slice size of 0 to 1, got 2}}
  %0 = "stablehlo.gather"(%x, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 2, 8>}> : (tensor<12x8xf32>, tensor<4x1xi64>) -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>, %i: tensor<4x1xi64>) {
  // expected-error@below {{expected 2 slice sizes, one a dimension, got 1: [1]}}
  %0 = "stablehlo.gather"(%x, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<12x8xf32>, tensor<4x1xi64>) -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>, %i: tensor<4x1xi64>) {
  // expected-error@below {{expected 2 indices along dimension 1, got tensor<4x1xi64>}}
  %0 = "stablehlo.gather"(%x, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0, 1], index_vector_dim = 1>, slice_sizes = array<i64: 1, 8>}> : (tensor<12x8xf32>, tensor<4x1xi64>) -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>, %i: tensor<4x1xi64>, %u: tensor<5x8xf32>) {
  // expected-error@below {{expected updates of [4] windows, got [5]}}
  %0 = "stablehlo.scatter"(%x, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    stablehlo.return %b : tensor<f32>
  }) : (tensor<12x8xf32>, tensor<4x1xi64>, tensor<5x8xf32>) -> tensor<12x8xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>, %i: tensor<4x1xi64>, %u: tensor<4x9xf32>) {
  // expected-error@below {{dimension 1: expected windows of at most 8 elements, got 9}}
  %0 = "stablehlo.scatter"(%x, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    stablehlo.return %b : tensor<f32>
  }) : (tensor<12x8xf32>, tensor<4x1xi64>, tensor<4x9xf32>) -> tensor<12x8xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>, %i: tensor<4x1xi64>, %u: tensor<4x8xf32>) {
  // expected-error@below {{expected a region of 2 tensors without dimensions, got (tensor<f32>)}}
  %0 = "stablehlo.scatter"(%x, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%b: tensor<f32>):
    stablehlo.return %b : tensor<f32>
  }) : (tensor<12x8xf32>, tensor<4x1xi64>, tensor<4x8xf32>) -> tensor<12x8xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>, %i: tensor<i32>) {
  // expected-error@below {{expected 2 start indices, each a tensor without dimensions, got (tensor<i32>)}}
  %0 = stablehlo.dynamic_slice %x, %i, sizes = [1, 8] : (tensor<12x8xf32>, tensor<i32>) -> tensor<1x8xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>, %u: tensor<13x8xf32>, %i: tensor<i32>) {
  // expected-error@below {{expected an update that fits into tensor<12x8xf32>, got tensor<13x8xf32>}}
  %0 = stablehlo.dynamic_update_slice %x, %u, %i, %i : (tensor<12x8xf32>, tensor<13x8xf32>, tensor<i32>, tensor<i32>) -> tensor<12x8xf32>
  return
}

// -----

func.func @f(%x: tensor<12x8xf32>) {
  // expected-error@below {{expected the dimension to be different and 0 to 1, got [2]}}
  %0 = "stablehlo.sort"(%x) <{dimension = 2 : i64}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<12x8xf32>) -> tensor<12x8xf32>
  return
}
