// Starts that are known become numbers, those of whole dimensions 0, and the others scalars that are brought inside.
// RUN: zellige-opt %s -p legalize-stablehlo-elementwise,legalize-stablehlo-indexing | filecheck %s

func.func @main(%x: tensor<12x8x4xf32>, %u: tensor<1x8x2xf32>, %i: tensor<i32>) -> (tensor<1x8x2xf32>, tensor<12x8x4xf32>) {
  %c9 = stablehlo.constant dense<9> : tensor<i32>
  %0 = stablehlo.dynamic_slice %x, %i, %i, %c9, sizes = [1, 8, 2] : (tensor<12x8x4xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x8x2xf32>
  %1 = stablehlo.dynamic_update_slice %x, %u, %i, %i, %c9 : (tensor<12x8x4xf32>, tensor<1x8x2xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<12x8x4xf32>
  return %0, %1 : tensor<1x8x2xf32>, tensor<12x8x4xf32>
}

// CHECK:      %[[#START:]] = tensor.extract %i[] : tensor<i32>
// CHECK:      %[[#ROW:]] = arith.index_cast %{{.*}} : i32 to index
// CHECK-NEXT: tensor.extract_slice %x[%[[#ROW]], 0, 2] [1, 8, 2] [1, 1, 1] : tensor<12x8x4xf32> to tensor<1x8x2xf32>
// CHECK:      tensor.insert_slice %u into %x[%{{.*}}, 0, 2] [1, 8, 2] [1, 1, 1] : tensor<1x8x2xf32> into tensor<12x8x4xf32>
