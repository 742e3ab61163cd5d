// A function that the module does not have is called by its name, however it is annotated.
// RUN: zellige-opt %s -p check-input --verify-diagnostics

func.func @main(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-error@below {{op 'stablehlo.custom_call' of '@lapack_spotrf_ffi' is not supported (2 times)}}
  %0:2 = stablehlo.custom_call @lapack_spotrf_ffi(%x) {mhlo.backend_config = {uplo = 76 : ui8}, sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j], []) {i=4, j=4}, custom>} : (tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<i32>)
  %1:2 = stablehlo.custom_call @lapack_spotrf_ffi(%0#0) : (tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<i32>)
  return %1#0 : tensor<4x4xf32>
}
