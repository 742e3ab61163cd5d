// Each part goes where the parts before it end.
// RUN: zellige-opt %s -p decompose-concat | filecheck %s

func.func @main(%a: tensor<2x4xf32>, %b: tensor<3x4xf32>) -> tensor<7x4xf32> {
  %0 = tensor.concat dim(0) %a, %b, %a : (tensor<2x4xf32>, tensor<3x4xf32>, tensor<2x4xf32>) -> tensor<7x4xf32>
  return %0 : tensor<7x4xf32>
}

// CHECK:      %[[E:.*]] = tensor.empty() : tensor<7x4xf32>
// CHECK-NEXT: %[[A:.*]] = tensor.insert_slice %a into %[[E]][0, 0] [2, 4] [1, 1]
// CHECK-NEXT: %[[B:.*]] = tensor.insert_slice %b into %[[A]][2, 0] [3, 4] [1, 1]
// CHECK-NEXT: %[[C:.*]] = tensor.insert_slice %a into %[[B]][5, 0] [2, 4] [1, 1]
// CHECK-NEXT: func.return %[[C]]
