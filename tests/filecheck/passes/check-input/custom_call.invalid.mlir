// A call of something that is not in the module is refused by its name.
// RUN: DIAG -p legalize-stablehlo-control-flow,check-input

func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.custom_call @Sharding(%a) : (tensor<4xf32>) -> tensor<4xf32>
  // expected-error@below {{op 'stablehlo.custom_call' of '@lapack_sgeqrf' is not supported}}
  %1 = stablehlo.custom_call @lapack_sgeqrf(%0) : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
