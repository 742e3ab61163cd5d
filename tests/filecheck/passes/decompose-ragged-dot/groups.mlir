// Each group meets a matrix of its own, or, where groups are summed over, has a result of its own.
// RUN: zellige-opt %s -p decompose-ragged-dot | filecheck %s

func.func @matrices(%x: tensor<11x5xf32>, %w: tensor<3x5x7xf32>, %n: tensor<3xi64>) -> tensor<11x7xf32> {
  %0 = "chlo.ragged_dot"(%x, %w, %n) {ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [], rhs_batching_dimensions = [], lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>, precision_config = [#chlo<precision DEFAULT>, #chlo<precision DEFAULT>]} : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
  return %0 : tensor<11x7xf32>
}

func.func @sums(%x: tensor<2x4x11xf32>, %y: tensor<2x11x7xf32>, %n: tensor<3xi64>) -> tensor<3x2x4x7xf32> {
  %0 = "chlo.ragged_dot"(%x, %y, %n) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [2]>}> : (tensor<2x4x11xf32>, tensor<2x11x7xf32>, tensor<3xi64>) -> tensor<3x2x4x7xf32>
  return %0 : tensor<3x2x4x7xf32>
}

// CHECK: func.func @matrices
// CHECK: %[[ROWS:.*]] = stablehlo.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<3x11x5xi1>, tensor<3x11x5xf32>
// CHECK: stablehlo.dot_general %[[ROWS]], %w, contracting_dims = [0, 2] x [0, 1] : (tensor<3x11x5xf32>, tensor<3x5x7xf32>) -> tensor<11x7xf32>
// CHECK: func.func @sums
// CHECK: %[[SUMS:.*]] = stablehlo.dot_general %{{.*}}, %y, batching_dims = [1] x [0], contracting_dims = [3] x [1] : (tensor<3x2x4x11xf32>, tensor<2x11x7xf32>) -> tensor<2x3x4x7xf32>
// CHECK: stablehlo.transpose %[[SUMS]], dims = [1, 0, 2, 3]
