// What moves elements moves the integers, also where their scales then belong to another dimension.
// RUN: zellige-opt %s -p legalize-quantized-types | filecheck %s

!q = !quant.uniform<i8:f32:1, {0.5:-30, 0.25}>
!t = !quant.uniform<i8:f32:0, {0.5:-30, 0.25}>

func.func @main(%x: tensor<3x2x!q>) -> tensor<2x!t> {
  %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<3x2x!q>) -> tensor<2x3x!t>
  %1 = stablehlo.slice %0 [0:2, 1:2] : (tensor<2x3x!t>) -> tensor<2x1x!t>
  %2 = stablehlo.reshape %1 : (tensor<2x1x!t>) -> tensor<2x!t>
  return %2 : tensor<2x!t>
}

// CHECK:      func.func @main(%x: tensor<3x2xi8>) -> tensor<2xi8> {
// CHECK-NEXT:   stablehlo.transpose %x, dims = [1, 0] : (tensor<3x2xi8>) -> tensor<2x3xi8>
// CHECK-NEXT:   stablehlo.slice %0 [0:2, 1:2] : (tensor<2x3xi8>) -> tensor<2x1xi8>
// CHECK-NEXT:   stablehlo.reshape %1 : (tensor<2x1xi8>) -> tensor<2xi8>
// CHECK-NEXT:   func.return
