// Matrix products read and print as upstream writes them; maps and casts stay, default maps are not shown.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @contractions(%a: tensor<4x8xf32>, %b: tensor<8x6xf32>, %c: tensor<4x6xf32>, %x: tensor<8xf32>,
                        %y: tensor<4xf32>, %bt: tensor<6x8xf32>, %i: tensor<4x8xi8>, %j: tensor<8x6xi8>,
                        %k: tensor<4x6xi32>, %s: tensor<f32>, %zero: i32) {
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x6xf32>) outs(%c : tensor<4x6xf32>) -> tensor<4x6xf32>
  %1 = linalg.matmul indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>] ins(%a, %bt : tensor<4x8xf32>, tensor<6x8xf32>) outs(%c : tensor<4x6xf32>) -> tensor<4x6xf32>
  %2 = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%i, %j : tensor<4x8xi8>, tensor<8x6xi8>) outs(%k : tensor<4x6xi32>) -> tensor<4x6xi32>
  %3 = linalg.matvec ins(%a, %x : tensor<4x8xf32>, tensor<8xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  %4 = linalg.dot ins(%x, %x : tensor<8xf32>, tensor<8xf32>) outs(%s : tensor<f32>) -> tensor<f32>
  %5 = linalg.quantized_matmul ins(%i, %j, %zero, %zero : tensor<4x8xi8>, tensor<8x6xi8>, i32, i32) outs(%k : tensor<4x6xi32>) -> tensor<4x6xi32>
  return
}

// CHECK:      %0 = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x6xf32>) outs(%c : tensor<4x6xf32>) -> tensor<4x6xf32>
// CHECK-NEXT: %1 = linalg.matmul indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>] ins(%a, %bt : tensor<4x8xf32>, tensor<6x8xf32>) outs(%c : tensor<4x6xf32>) -> tensor<4x6xf32>
// CHECK-NEXT: %2 = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%i, %j : tensor<4x8xi8>, tensor<8x6xi8>) outs(%k : tensor<4x6xi32>) -> tensor<4x6xi32>
// CHECK-NEXT: %3 = linalg.matvec ins(%a, %x : tensor<4x8xf32>, tensor<8xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: %4 = linalg.dot ins(%x, %x : tensor<8xf32>, tensor<8xf32>) outs(%s : tensor<f32>) -> tensor<f32>
// CHECK-NEXT: %5 = linalg.quantized_matmul ins(%i, %j, %zero, %zero : tensor<4x8xi8>, tensor<8x6xi8>, i32, i32) outs(%k : tensor<4x6xi32>) -> tensor<4x6xi32>
