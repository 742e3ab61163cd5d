// A padding value that depends on the position is computed from the counters of the generic's loops.
// RUN: zellige-opt %s -p decompose-pad | filecheck %s

func.func @main(%a: tensor<4xindex>) -> tensor<6xindex> {
  %0 = tensor.pad %a low[1] high[1] {
  ^bb0(%i: index):
    %s = arith.addi %i, %i : index
    tensor.yield %s : index
  } : tensor<4xindex> to tensor<6xindex>
  return %0 : tensor<6xindex>
}

// CHECK:      linalg.generic
// CHECK-NEXT: ^{{.*}}
// CHECK-NEXT:   %[[I:.*]] = linalg.index 0 : index
// CHECK-NEXT:   %[[S:.*]] = arith.addi %[[I]], %[[I]] : index
// CHECK-NEXT:   linalg.yield %[[S]] : index
