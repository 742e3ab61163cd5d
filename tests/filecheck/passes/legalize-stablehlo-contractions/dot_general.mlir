// The loops are those of the result, then those of the sums; narrow operands become the type of the sums.
// RUN: zellige-opt %s -p legalize-stablehlo-contractions | filecheck %s

func.func @main(%a: tensor<2x4x8xi8>, %b: tensor<2x8x5xi8>) -> tensor<2x4x5xi32> {
  %0 = stablehlo.dot_general %a, %b, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<2x4x8xi8>, tensor<2x8x5xi8>) -> tensor<2x4x5xi32>
  return %0 : tensor<2x4x5xi32>
}

// CHECK:      %[[ZERO:.*]] = arith.constant dense<0> : tensor<i32>
// CHECK:      %[[SUMS:.*]] = linalg.generic {{.*}} ins(%[[ZERO]] : tensor<i32>)
// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%a, %b : tensor<2x4x8xi8>, tensor<2x8x5xi8>) outs(%[[SUMS]] : tensor<2x4x5xi32>) {
// CHECK:        %[[A:.*]] = arith.extsi %{{.*}} : i8 to i32
// CHECK-NEXT:   %[[B:.*]] = arith.extsi %{{.*}} : i8 to i32
// CHECK-NEXT:   %[[AB:.*]] = arith.muli %[[A]], %[[B]] : i32
// CHECK-NEXT:   arith.addi %{{.*}}, %[[AB]] : i32
