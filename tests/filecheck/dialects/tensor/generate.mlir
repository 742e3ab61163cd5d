// generate has an index for each dimension, and a size for each that its type leaves open.
// RUN: ROUNDTRIP

func.func @main(%n: index) -> tensor<4x?xindex> {
  %0 = tensor.generate %n {
  ^bb0(%i: index, %j: index):
    %s = arith.addi %i, %j : index
    tensor.yield %s : index
  } : tensor<4x?xindex>
  return %0 : tensor<4x?xindex>
}

// CHECK:      %0 = tensor.generate %n {
// CHECK-NEXT: ^bb0(%i: index, %j: index):
// CHECK-NEXT:   %s = arith.addi %i, %j : index
// CHECK-NEXT:   tensor.yield %s : index
// CHECK-NEXT: } : tensor<4x?xindex>
