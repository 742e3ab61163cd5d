// Quantised types as upstream writes them, the ops between them and floats, and constants that are given as integers.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func private @types(!quant.uniform<i8:f32, 9.987200e-01:127>, !quant.uniform<i8<-127:127>:f32, 0.99872:10>,
    !quant.uniform<u8:f32, 2.0e+2>, !quant.uniform<i8<-127:127>:f32:1, {2.000000e+02, 9.987200e-01:120}>,
    !quant.uniform<u16:bf16, 0.5:300>)

func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = stablehlo.uniform_quantize %x : (tensor<2xf32>) -> tensor<2x!quant.uniform<i8:f32:0, {0.1:-30,0.5:-20}>>
  %1 = "stablehlo.uniform_dequantize"(%0) : (tensor<2x!quant.uniform<i8:f32:0, {0.1:-30,0.5:-20}>>) -> tensor<2xf32>
  %2 = stablehlo.constant() {value = dense<[1, 2]> : tensor<2xi8>} : () -> tensor<2x!quant.uniform<i8:f32, 0.5>>
  return %1 : tensor<2xf32>
}

// CHECK:      !quant.uniform<i8:f32, 9.987200e-01:127>, !quant.uniform<i8<-127:127>:f32, 9.987200e-01:10>
// CHECK-SAME: !quant.uniform<u8:f32, 2.000000e+02>
// CHECK-SAME: !quant.uniform<i8<-127:127>:f32:1, {2.000000e+02, 9.987200e-01:120}>
// CHECK-SAME: !quant.uniform<u16:bf16, 5.000000e-01:300>
// CHECK:      stablehlo.uniform_quantize %x : (tensor<2xf32>) -> tensor<2x!quant.uniform<i8:f32:0, {1.000000e-01:-30, 5.000000e-01:-20}>>
// CHECK-NEXT: stablehlo.uniform_dequantize %0
// CHECK-NEXT: stablehlo.constant() {value = dense<[1, 2]> : tensor<2xi8>} : () -> tensor<2x!quant.uniform<i8:f32, 5.000000e-01>>
