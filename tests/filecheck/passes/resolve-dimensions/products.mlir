// A collapse of which the result has a product of dynamic sizes is a reshape with that size; others stay.
// RUN: zellige-opt %s -p resolve-dimensions | filecheck %s

func.func @main(%a: tensor<?x?x1x8xf32>) -> (tensor<?x8xf32>, tensor<?x?x8xf32>) {
  %0 = tensor.collapse_shape %a [[0, 1, 2], [3]] : tensor<?x?x1x8xf32> into tensor<?x8xf32>
  %1 = tensor.collapse_shape %a [[0], [1, 2], [3]] : tensor<?x?x1x8xf32> into tensor<?x?x8xf32>
  return %0, %1 : tensor<?x8xf32>, tensor<?x?x8xf32>
}

// CHECK:      %[[N:.*]] = arith.muli %a_1, %a_2 : index
// CHECK-NEXT: flow.reshape %a(%[[N]]) : tensor<?x?x1x8xf32> -> tensor<?x8xf32>
// CHECK-NEXT: tensor.collapse_shape %a [{{.*}}] : tensor<?x?x1x8xf32> into tensor<?x?x8xf32>
