// Parts of dynamic length stand one after the other; other sizes are those of the first part.
// RUN: zellige-opt %s -p decompose-concat | filecheck %s

func.func @main(%a: tensor<?x?xf32>, %b: tensor<3x4xf32>) -> tensor<?x4xf32> {
  %0 = tensor.concat dim(0) %a, %b : (tensor<?x?xf32>, tensor<3x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK:      %[[N:.*]] = tensor.dim %a, %{{.*}} : tensor<?x?xf32>
// CHECK:      %[[M:.*]] = tensor.dim %a, %{{.*}} : tensor<?x?xf32>
// CHECK:      %[[LENGTH:.*]] = tensor.dim %a, %{{.*}} : tensor<?x?xf32>
// CHECK:      %[[SUM:.*]] = arith.addi %[[LENGTH]], %{{.*}} : index
// CHECK:      %[[E:.*]] = tensor.empty(%[[SUM]], %[[M]]) : tensor<?x?xf32>
// CHECK-NEXT: %[[FIRST:.*]] = tensor.insert_slice %a into %[[E]][0, 0] [%[[LENGTH]], %[[M]]] [1, 1]
// CHECK-NEXT: %[[B:.*]] = tensor.cast %b : tensor<3x4xf32> to tensor<3x?xf32>
// CHECK-NEXT: %[[ALL:.*]] = tensor.insert_slice %[[B]] into %[[FIRST]][%[[LENGTH]], 0] [3, %[[M]]] [1, 1]
// CHECK-NEXT: tensor.cast %[[ALL]] : tensor<?x?xf32> to tensor<?x4xf32>
