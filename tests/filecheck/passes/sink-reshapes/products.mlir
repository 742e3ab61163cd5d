// A product sums over the loops of unpacked numbers; its other operand is reshaped. A sum of loops keeps the reshape.
// RUN: zellige-opt %s -p sink-reshapes | filecheck %s

func.func @main(%bytes: tensor<8x16xi8>, %places: tensor<2xi8>, %x: tensor<3x32xi8>, %y: tensor<39xi8>)
    -> (tensor<3x8xi8>, tensor<8x8xi8>) {
  %e0 = tensor.empty() : tensor<8x2x16xi8>
  %0 = linalg.generic {indexing_maps = [affine_map<(i, h, j) -> (i, j)>, affine_map<(i, h, j) -> (h)>,
                                        affine_map<(i, h, j) -> (i, h, j)>],
                       iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%bytes, %places : tensor<8x16xi8>, tensor<2xi8>) outs(%e0 : tensor<8x2x16xi8>) {
  ^bb0(%b: i8, %p: i8, %o: i8):
    %s = arith.shrui %b, %p : i8
    linalg.yield %s : i8
  } -> tensor<8x2x16xi8>
  %1 = tensor.collapse_shape %0 [[0], [1, 2]] : tensor<8x2x16xi8> into tensor<8x32xi8>
  %zero = arith.constant dense<0> : tensor<3x8xi8>
  %2 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %1 : tensor<3x32xi8>, tensor<8x32xi8>) outs(%zero : tensor<3x8xi8>) {
  ^bb0(%a: i8, %b: i8, %o: i8):
    %p = arith.muli %a, %b : i8
    %s = arith.addi %o, %p : i8
    linalg.yield %s : i8
  } -> tensor<3x8xi8>
  %start = arith.constant dense<0> : tensor<8x8xi8>
  %3 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (n + k)>, affine_map<(m, n, k) -> (m, k)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%y, %1 : tensor<39xi8>, tensor<8x32xi8>) outs(%start : tensor<8x8xi8>) {
  ^bb0(%a: i8, %b: i8, %o: i8):
    %p = arith.muli %a, %b : i8
    %s = arith.addi %o, %p : i8
    linalg.yield %s : i8
  } -> tensor<8x8xi8>
  return %2, %3 : tensor<3x8xi8>, tensor<8x8xi8>
}

// CHECK:      %[[ROWS:[^ ]*]] = tensor.collapse_shape %[[NUMBERS:[^ ]*]] {{.*}} : tensor<8x2x16xi8> into tensor<8x32xi8>
// CHECK:      %[[X:[^ ]*]] = tensor.expand_shape %x {{.*}} : tensor<3x32xi8> into tensor<3x2x16xi8>
// CHECK:      linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
// CHECK-SAME:   ins(%[[X]], %[[NUMBERS]] : tensor<3x2x16xi8>, tensor<8x2x16xi8>)
// CHECK:      linalg.generic {{.*}} ins(%y, %[[ROWS]] : tensor<39xi8>, tensor<8x32xi8>)
