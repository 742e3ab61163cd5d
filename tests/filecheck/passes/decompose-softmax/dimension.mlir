// The reductions run along the softmax's dimension and start from -inf and 0; the maximum passes over NaN.
// RUN: zellige-opt %s -p decompose-softmax | filecheck %s

func.func @main(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = tensor.empty() : tensor<4x8xf32>
  %1 = linalg.softmax dimension(0) ins(%a : tensor<4x8xf32>) outs(%0 : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// CHECK:      arith.constant 0xff800000 : f32
// CHECK:      %[[MAX:.*]] = linalg.generic {{.*}}(d0, d1) -> (d1)>], iterator_types = ["reduction", "parallel"]} ins(%a
// CHECK-NEXT: ^{{.*}}(%[[X:.*]]: f32, %[[SOFAR:.*]]: f32):
// CHECK-NEXT:   %[[GREATER:.*]] = arith.cmpf olt, %[[SOFAR]], %[[X]] : f32
// CHECK-NEXT:   arith.select %[[GREATER]], %[[X]], %[[SOFAR]] : f32
// CHECK:      %[[EXP:.*]] = linalg.generic {{.*}} ins(%a, %[[MAX]] : tensor<4x8xf32>, tensor<8xf32>)
// CHECK:        math.exp
// CHECK:      arith.constant 0.000000e+00 : f32
// CHECK:      %[[SUM:.*]] = linalg.generic {{.*}}iterator_types = ["reduction", "parallel"]} ins(%[[EXP]]
// CHECK:        arith.addf
// CHECK:      linalg.generic {{.*}} ins(%[[EXP]], %[[SUM]]
// CHECK:        arith.divf
// CHECK-NEXT:   arith.mulf
