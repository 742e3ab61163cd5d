// What broadcasts, transposes, reverses and counts is one generic whose map says so; nothing stays of what changes nothing.
// RUN: zellige-opt %s -p legalize-stablehlo-shapes | filecheck %s

func.func @main(%a: tensor<3x1xf32>, %b: tensor<3x4xf32>) -> (tensor<3x2x2xf32>, tensor<4x3xf32>, tensor<3x4xf32>, tensor<3x4xui8>, tensor<3x4xf32>) {
  %0 = stablehlo.broadcast_in_dim %a, dims = [0, 2] : (tensor<3x1xf32>) -> tensor<3x2x2xf32>
  %1 = stablehlo.transpose %b, dims = [1, 0] : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %2 = stablehlo.reverse %b, dims = [1] : tensor<3x4xf32>
  %3 = stablehlo.iota dim = 1 : tensor<3x4xui8>
  %4 = stablehlo.transpose %b, dims = [0, 1] : (tensor<3x4xf32>) -> tensor<3x4xf32>
  return %0, %1, %2, %3, %4 : tensor<3x2x2xf32>, tensor<4x3xf32>, tensor<3x4xf32>, tensor<3x4xui8>, tensor<3x4xf32>
}

// CHECK:      %[[B:.*]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, 0)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>]{{.*}} ins(%a
// CHECK:      %[[T:.*]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>]{{.*}} ins(%b
// CHECK:      %[[R:.*]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, ((d1 * -1) + 3))>, affine_map<(d0, d1) -> (d0, d1)>]{{.*}} ins(%b
// CHECK:      %[[I:.*]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>]
// CHECK:        %[[N:.*]] = linalg.index 1 : index
// CHECK-NEXT:   %[[S:.*]] = arith.index_cast %[[N]] : index to i8
// CHECK-NEXT:   %[[U:.*]] = builtin.unrealized_conversion_cast %[[S]] : i8 to ui8
// CHECK-NEXT:   linalg.yield %[[U]] : ui8
// CHECK:      func.return %[[B]], %[[T]], %[[R]], %[[I]], %b
