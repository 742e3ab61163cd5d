// The parts of an index are inputs, brought inside; the loop over a whole row is the last index as it is.
// RUN: zellige-opt %s -p legalize-stablehlo-indexing | filecheck %s

func.func @main(%x: tensor<20x6xf32>, %i: tensor<4x1xi64>) -> tensor<4x6xf32> {
  %0 = "stablehlo.gather"(%x, %i) <{
    dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>,
    slice_sizes = array<i64: 1, 6>
  }> : (tensor<20x6xf32>, tensor<4x1xi64>) -> tensor<4x6xf32>
  return %0 : tensor<4x6xf32>
}

// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, 0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%i : tensor<4x1xi64>)
// CHECK-NEXT: ^bb0(%[[#PART:]]: i64, %{{.*}}: f32):
// CHECK-NEXT:   %[[#ZERO:]] = arith.constant 0 : i64
// CHECK-NEXT:   %[[#LOW:]] = arith.maxsi %[[#PART]], %[[#ZERO]] : i64
// CHECK-NEXT:   %[[#LAST:]] = arith.constant 19 : i64
// CHECK-NEXT:   %[[#INSIDE:]] = arith.minsi %[[#LOW]], %[[#LAST]] : i64
// CHECK-NEXT:   %[[#ROW:]] = arith.index_cast %[[#INSIDE]] : i64 to index
// CHECK-NEXT:   %[[#COLUMN:]] = linalg.index 1 : index
// CHECK-NEXT:   %[[#ELEMENT:]] = tensor.extract %x[%[[#ROW]], %[[#COLUMN]]] : tensor<20x6xf32>
// CHECK-NEXT:   linalg.yield %[[#ELEMENT]] : f32
