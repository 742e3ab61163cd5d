// Windows are in rows, with all dimensions of the input; indices without a sign get more bits.
// RUN: zellige-opt %s -p legalize-stablehlo-indexing | filecheck %s

func.func @main(%x: tensor<20x6xf32>, %i: tensor<3x4xui32>, %u: tensor<20x3x4xf32>) -> tensor<20x6xf32> {
  %0 = "stablehlo.scatter"(%x, %i, %u) <{
    scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [1], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>
  }> ({
  ^bb0(%old: tensor<f32>, %new: tensor<f32>):
    %sum = stablehlo.add %old, %new : tensor<f32>
    stablehlo.return %sum : tensor<f32>
  }) : (tensor<20x6xf32>, tensor<3x4xui32>, tensor<20x3x4xf32>) -> tensor<20x6xf32>
  return %0 : tensor<20x6xf32>
}

// CHECK:      arith.extui %{{.*}} : i32 to i64
// CHECK:      %[[#INDICES:]] = tensor.collapse_shape %{{.*}} : tensor<3x4x1xi64> into tensor<12x1xi64>
// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d2, d0, d1)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>]{{.*}} ins(%u : tensor<20x3x4xf32>) outs(%{{.*}} : tensor<3x4x20xf32>)
// CHECK:      linalg_ext.scatter dims = [1] into(%x : tensor<20x6xf32>) ins(%[[#INDICES]], %{{.*}} : tensor<12x1xi64>, tensor<12x20x1xf32>) {
// CHECK-NEXT: ^bb0(%old: f32, %new: f32):
// CHECK-NEXT:   %sum = arith.addf %old, %new : f32
// CHECK-NEXT:   linalg_ext.yield %sum : f32
