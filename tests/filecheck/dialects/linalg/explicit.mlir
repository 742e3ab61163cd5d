// The ops that name dimensions or a body read as upstream writes them; a short body is printed in full.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @explicit(%a: tensor<2x3xf32>, %t: tensor<3x2xf32>, %v: tensor<3xf32>, %i: tensor<2x3xi64>, %j: tensor<3xi64>) {
  %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%t : tensor<3x2xf32>) permutation = [1, 0]
  %1 = linalg.broadcast ins(%v : tensor<3xf32>) outs(%a : tensor<2x3xf32>) dimensions = [0]
  %2 = linalg.reduce { arith.addf } ins(%a : tensor<2x3xf32>) outs(%v : tensor<3xf32>) dimensions = [0]
  %3:2 = linalg.reduce ins(%a, %i : tensor<2x3xf32>, tensor<2x3xi64>) outs(%v, %j : tensor<3xf32>, tensor<3xi64>) dimensions = [0]
    (%in: f32, %at: i64, %best: f32, %where: i64) {
      linalg.yield %best, %where : f32, i64
    }
  %4 = linalg.map { math.exp } ins(%a : tensor<2x3xf32>) outs(%a : tensor<2x3xf32>)
  %5 = linalg.softmax dimension(1) ins(%a : tensor<2x3xf32>) outs(%a : tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// CHECK:      %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%t : tensor<3x2xf32>) permutation = [1, 0]
// CHECK-NEXT: %1 = linalg.broadcast ins(%v : tensor<3xf32>) outs(%a : tensor<2x3xf32>) dimensions = [0]
// CHECK-NEXT: %2 = linalg.reduce ins(%a : tensor<2x3xf32>) outs(%v : tensor<3xf32>) dimensions = [0]
// CHECK-NEXT:   (%[[IN:[0-9]+]]: f32, %[[OUT:[0-9]+]]: f32) {
// CHECK-NEXT:     %[[SUM:.*]] = arith.addf %[[OUT]], %[[IN]] : f32
// CHECK-NEXT:     linalg.yield %[[SUM]] : f32
// CHECK-NEXT:   }
// CHECK-NEXT: %{{.+}}, %{{.+}} = linalg.reduce ins(%a, %i : tensor<2x3xf32>, tensor<2x3xi64>) outs(%v, %j : tensor<3xf32>, tensor<3xi64>) dimensions = [0]
// CHECK-NEXT:   (%in: f32, %at: i64, %best: f32, %where: i64) {
// CHECK:      linalg.map ins(%a : tensor<2x3xf32>) outs(%a : tensor<2x3xf32>)
// CHECK-NEXT:   (%[[X:[0-9]+]]: f32, %{{[0-9]+}}: f32) {
// CHECK-NEXT:     %[[EXP:.*]] = math.exp %[[X]] : f32
// CHECK:      linalg.softmax dimension(1) ins(%a : tensor<2x3xf32>) outs(%a : tensor<2x3xf32>) -> tensor<2x3xf32>
