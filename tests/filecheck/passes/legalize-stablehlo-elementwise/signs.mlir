// Ops are chosen by the sign of the type; scalars are cast to what they are computed in.
// RUN: zellige-opt %s -p legalize-stablehlo-elementwise | filecheck %s

func.func @f(%x: tensor<4xui8>, %y: tensor<4xui8>) -> tensor<4xui8> {
  %0 = stablehlo.maximum %x, %y : tensor<4xui8>
  return %0 : tensor<4xui8>
}

// CHECK:      ^bb0([[X:%.+]]: ui8, [[Y:%.+]]: ui8, %{{.+}}: ui8):
// CHECK-NEXT:   [[A:%.+]] = builtin.unrealized_conversion_cast [[X]] : ui8 to i8
// CHECK-NEXT:   [[B:%.+]] = builtin.unrealized_conversion_cast [[Y]] : ui8 to i8
// CHECK-NEXT:   [[M:%.+]] = arith.maxui [[A]], [[B]] : i8
// CHECK-NEXT:   [[R:%.+]] = builtin.unrealized_conversion_cast [[M]] : i8 to ui8
// CHECK-NEXT:   linalg.yield [[R]] : ui8
