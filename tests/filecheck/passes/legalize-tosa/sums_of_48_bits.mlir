// Sums of 48 bits are of 64, and so is the result that callers get.
// RUN: zellige-opt %s -p legalize-tosa | filecheck %s

func.func @main(%a: tensor<1x3x4xi16>, %b: tensor<1x4x2xi16>) -> tensor<1x3x2xi48> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi16>}> : () -> tensor<1xi16>
  %0 = tosa.matmul %a, %b, %z, %z : (tensor<1x3x4xi16>, tensor<1x4x2xi16>, tensor<1xi16>, tensor<1xi16>) -> tensor<1x3x2xi48>
  return %0 : tensor<1x3x2xi48>
}

// CHECK: func.func @main(%a: tensor<1x3x4xi16>, %b: tensor<1x4x2xi16>) -> tensor<1x3x2xi64>
// CHECK: stablehlo.dot_general {{.*}} -> tensor<1x3x2xi64>
