// Pretty forms as JAX prints them, and generic forms.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @f(%x: tensor<12x8xf32>, %u: tensor<1x8xf32>, %i: tensor<i32>, %j: tensor<4x1xi64>, %w: tensor<4x8xf32>, %s: tensor<2xi64>) {
  %0 = stablehlo.dynamic_slice %x, %i, %i, sizes = [1, 8] : (tensor<12x8xf32>, tensor<i32>, tensor<i32>) -> tensor<1x8xf32>
  %1 = stablehlo.dynamic_update_slice %x, %u, %i, %i : (tensor<12x8xf32>, tensor<1x8xf32>, tensor<i32>, tensor<i32>) -> tensor<12x8xf32>
  %2 = "stablehlo.gather"(%x, %j) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1, 8>}> : (tensor<12x8xf32>, tensor<4x1xi64>) -> tensor<4x8xf32>
  %3 = "stablehlo.dynamic_gather"(%x, %j, %s) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>} : (tensor<12x8xf32>, tensor<4x1xi64>, tensor<2xi64>) -> tensor<4x8xf32>
  %4 = "stablehlo.scatter"(%x, %j, %w) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    stablehlo.return %b : tensor<f32>
  }) : (tensor<12x8xf32>, tensor<4x1xi64>, tensor<4x8xf32>) -> tensor<12x8xf32>
  %5 = "stablehlo.sort"(%x) <{dimension = 1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %6 = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %6 : tensor<i1>
  }) : (tensor<12x8xf32>) -> tensor<12x8xf32>
  %7 = "stablehlo.torch_index_select"(%x, %s) <{dim = 1 : i64, batch_dims = 0 : i64}> : (tensor<12x8xf32>, tensor<2xi64>) -> tensor<12x2xf32>
  return
}

// CHECK:      %0 = stablehlo.dynamic_slice %x, %i, %i, sizes = [1, 8] : (tensor<12x8xf32>, tensor<i32>, tensor<i32>) -> tensor<1x8xf32>
// CHECK-NEXT: %1 = stablehlo.dynamic_update_slice %x, %u, %i, %i : (tensor<12x8xf32>, tensor<1x8xf32>, tensor<i32>, tensor<i32>) -> tensor<12x8xf32>
// CHECK-NEXT: %2 = "stablehlo.gather"(%x, %j) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1, 8>}> : (tensor<12x8xf32>, tensor<4x1xi64>) -> tensor<4x8xf32>
// CHECK-NEXT: %3 = "stablehlo.dynamic_gather"(%x, %j, %s) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}>
// CHECK-NEXT: %4 = "stablehlo.scatter"(%x, %j, %w) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = true}> ({
// CHECK:      %{{.*}} = "stablehlo.sort"(%x) <{dimension = 1 : i64, is_stable = true}> ({
// CHECK:      %{{.*}} = "stablehlo.torch_index_select"(%x, %s) <{dim = 1 : i64, batch_dims = 0 : i64}>
