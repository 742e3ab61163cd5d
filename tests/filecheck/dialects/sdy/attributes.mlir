// Meshes and attributes of Shardy, as JAX prints them beside calls of LAPACK and of Python, are printed back.
// RUN: ROUNDTRIP

sdy.mesh @maximal = <[], device_ids=[0]> {stablehlo.mesh = 1 : i64}
sdy.mesh @mesh = <["x"=2, "y"=4]>

func.func @main(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0:2 = stablehlo.custom_call @lapack_spotrf_ffi(%x) {mhlo.backend_config = {uplo = 76 : ui8}, sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j], []) {i=4, j=4}, custom>} : (tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<i32>)
  return %0#0 : tensor<4x4xf32>
}

// CHECK:      sdy.mesh @maximal = <[], device_ids=[0]> {stablehlo.mesh = 1 : i64}
// CHECK-NEXT: sdy.mesh @mesh = <["x"=2, "y"=4]>
// CHECK: sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j], []) {i=4, j=4}, custom>
