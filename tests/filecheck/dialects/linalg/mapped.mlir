// The loops that the output's map does not have are summed over; an elementwise op may spread an input.
// RUN: zellige-opt %s | filecheck %s
// RUN: zellige-opt %s -p generalize-named-ops | filecheck %s --check-prefix GENERIC

#ka = affine_map<(m, n, k) -> (k, m)>
#kb = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
#row = affine_map<(i, j) -> (j)>
#all = affine_map<(i, j) -> (i, j)>

// CHECK:      linalg.contract indexing_maps = [affine_map<(d0, d1, d2) -> (d2, d0)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>] {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<8x4xi8>, tensor<8x6xi8>) outs(%c : tensor<4x6xi32>) -> tensor<4x6xi32>
// CHECK:      linalg.elementwise kind=#linalg.elementwise_kind<max_signed> indexing_maps = [{{.*}}] ins(%r, %d : tensor<6xf32>, tensor<4x6xf32>) outs(%d : tensor<4x6xf32>) -> tensor<4x6xf32>
// CHECK:      linalg.elementwise kind=#linalg.elementwise_kind<exp> ins(%{{.*}} : tensor<4x6xf32>)
// GENERIC:      iterator_types = ["parallel", "parallel", "reduction"]
// GENERIC:      arith.extui
// GENERIC:      arith.muli
// GENERIC:      indexing_maps = [affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>]
// GENERIC:      arith.maximumf
// GENERIC:      math.exp
func.func @main(%a: tensor<8x4xi8>, %b: tensor<8x6xi8>, %c: tensor<4x6xi32>, %r: tensor<6xf32>, %d: tensor<4x6xf32>) -> (tensor<4x6xi32>, tensor<4x6xf32>) {
  %0 = linalg.contract indexing_maps = [#ka, #kb, #mn] {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<8x4xi8>, tensor<8x6xi8>) outs(%c : tensor<4x6xi32>) -> tensor<4x6xi32>
  %1 = linalg.elementwise kind=#linalg.elementwise_kind<max_signed> indexing_maps = [#row, #all, #all] ins(%r, %d : tensor<6xf32>, tensor<4x6xf32>) outs(%d : tensor<4x6xf32>) -> tensor<4x6xf32>
  %2 = linalg.elementwise kind=#linalg.elementwise_kind<exp> ins(%1 : tensor<4x6xf32>) outs(%d : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %0, %2 : tensor<4x6xi32>, tensor<4x6xf32>
}
