// index stands in the body of any structured op; its own loops are those of that op.
// RUN: ROUNDTRIP

func.func @main(%x: tensor<4x6xindex>, %y: tensor<4xindex>) -> (tensor<4x6xindex>, tensor<4xindex>) {
  %0 = linalg.map ins(%x : tensor<4x6xindex>) outs(%x : tensor<4x6xindex>) (%in: index, %init: index) {
    %i = linalg.index 1 : index
    linalg.yield %i : index
  }
  %1 = linalg.reduce ins(%x : tensor<4x6xindex>) outs(%y : tensor<4xindex>) dimensions = [1] (%in: index, %init: index) {
    %i = linalg.index 1 : index
    %s = arith.addi %i, %init : index
    linalg.yield %s : index
  }
  return %0, %1 : tensor<4x6xindex>, tensor<4xindex>
}

// CHECK:      linalg.map
// CHECK-NEXT: (%in: index, %init: index) {
// CHECK-NEXT:   %i = linalg.index 1 : index
// CHECK:      linalg.reduce
// CHECK-NEXT: (%in_1: index, %init_1: index) {
// CHECK-NEXT:   %i_1 = linalg.index 1 : index
