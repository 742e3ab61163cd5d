// A matrix product becomes a generic with upstream's maps; narrow operands are cast to the type of the output first.
// RUN: zellige-opt %s -p generalize-named-ops | filecheck %s

func.func @f(%a: tensor<4x8xi8>, %b: tensor<8x6xi8>, %c: tensor<4x6xi32>) -> tensor<4x6xi32> {
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xi8>, tensor<8x6xi8>) outs(%c : tensor<4x6xi32>) -> tensor<4x6xi32>
  return %0 : tensor<4x6xi32>
}

// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<4x8xi8>, tensor<8x6xi8>) outs(%c : tensor<4x6xi32>) {
// CHECK-NEXT: ^{{.*}}(%[[A:[0-9]+]]: i8, %[[B:[0-9]+]]: i8, %[[C:[0-9]+]]: i32):
// CHECK-NEXT:   %[[AX:.*]] = arith.extsi %[[A]] : i8 to i32
// CHECK-NEXT:   %[[BX:.*]] = arith.extsi %[[B]] : i8 to i32
// CHECK-NEXT:   %[[P:.*]] = arith.muli %[[AX]], %[[BX]] : i32
// CHECK-NEXT:   %[[S:.*]] = arith.addi %[[C]], %[[P]] : i32
// CHECK-NEXT:   linalg.yield %[[S]] : i32
// CHECK-NEXT: } -> tensor<4x6xi32>
