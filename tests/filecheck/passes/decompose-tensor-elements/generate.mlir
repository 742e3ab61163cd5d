// What a generated element is computed from, its indices, are those of the generic.
// RUN: zellige-opt %s -p decompose-tensor-elements | filecheck %s

func.func @main(%n: index) -> tensor<4x?xindex> {
  %0 = tensor.generate %n {
  ^bb0(%i: index, %j: index):
    %s = arith.addi %i, %j : index
    tensor.yield %s : index
  } : tensor<4x?xindex>
  return %0 : tensor<4x?xindex>
}

// CHECK:      %{{.*}} = tensor.empty(%n) : tensor<4x?xindex>
// CHECK:      linalg.generic
// CHECK:        %[[I:\w+]] = linalg.index 0 : index
// CHECK-NEXT:   %[[J:\w+]] = linalg.index 1 : index
// CHECK-NEXT:   %s = arith.addi
// CHECK-NEXT:   linalg.yield %s : index
