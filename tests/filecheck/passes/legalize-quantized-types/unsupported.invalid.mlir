// All ops on quantised tensors that are not supported are named at once, and what they should be.
// RUN: zellige-opt %s -p legalize-quantized-types --verify-diagnostics

!q = !quant.uniform<i8:f32, 0.5:-30>
!p = !quant.uniform<i8:f32, 0.25>

func.func @main(%p: tensor<i1>, %x: tensor<2x2x!q>, %y: tensor<2x2x!p>) {
  // expected-error@below {{op 'stablehlo.not' on quantised tensors is not supported}}
  %0 = stablehlo.not %x : tensor<2x2x!q>
  // expected-note@below {{expected 'stablehlo.select' to keep scales and zero points, got !quant.uniform<i8:f32, 5.000000e-01:-30> and !quant.uniform<i8:f32, 2.500000e-01>}}
  %1 = "stablehlo.select"(%p, %x, %y) : (tensor<i1>, tensor<2x2x!q>, tensor<2x2x!p>) -> tensor<2x2x!q>
  return
}
