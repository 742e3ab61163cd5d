// Sizes and amounts may be values.
// RUN: zellige-opt %s -p decompose-pad | filecheck %s

func.func @main(%a: tensor<?x4xf32>, %low: index, %zero: f32) -> tensor<?x5xf32> {
  %0 = tensor.pad %a low[%low, 0] high[2, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<?x4xf32> to tensor<?x5xf32>
  return %0 : tensor<?x5xf32>
}

// CHECK:      %[[N:.*]] = tensor.dim %a, %{{.*}} : tensor<?x4xf32>
// CHECK-NEXT: %[[MORE:.*]] = arith.addi %low, %[[N]] : index
// CHECK:      %[[ALL:.*]] = arith.addi %[[MORE]], %{{.*}} : index
// CHECK-NEXT: %[[E:.*]] = tensor.empty(%[[ALL]]) : tensor<?x5xf32>
// CHECK:      %[[P:.*]] = tensor.insert_slice %a into %{{.*}}[%low, 0] [%[[N]], 4] [1, 1]
