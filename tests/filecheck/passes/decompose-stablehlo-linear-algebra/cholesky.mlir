// A factor is a loop over columns, each divided by the root of what is left on the diagonal.
// RUN: zellige-opt %s -p decompose-stablehlo-linear-algebra | filecheck %s

func.func @main(%a: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = stablehlo.cholesky %a, lower = true : tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// CHECK:      scf.for %[[J:.*]] = %{{.*}} iter_args(%[[L:.*]] = %{{.*}})
// CHECK-NEXT:   %[[ROW:.*]] = tensor.extract_slice %[[L]][%[[J]], 0] [1, 8] [1, 1]
// CHECK-NEXT:   %[[KNOWN:.*]] = stablehlo.dot_general %[[L]], %[[ROW]], contracting_dims = [1] x [1]
// CHECK-NEXT:   %[[COLUMN:.*]] = tensor.extract_slice %a[0, %[[J]]] [8, 1] [1, 1]
// CHECK-NEXT:   %[[REST:.*]] = stablehlo.subtract %[[COLUMN]], %[[KNOWN]]
// CHECK-NEXT:   %[[LEFT:.*]] = tensor.extract_slice %[[REST]][%[[J]], 0] [1, 1] [1, 1]
// CHECK-NEXT:   %[[PIVOT:.*]] = stablehlo.sqrt %[[LEFT]]
// CHECK:        tensor.insert_slice %[[PIVOT]] into %{{.*}}[%[[J]], %[[J]]] [1, 1] [1, 1]
