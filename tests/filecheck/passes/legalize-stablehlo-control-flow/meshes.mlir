// A mesh of devices, as JAX notes it beside calls of Python, and markers of where values should be have no effect.
// RUN: zellige-opt %s -p legalize-stablehlo-control-flow | filecheck %s

sdy.mesh @maximal_mesh_0 = <[], device_ids=[0]>

func.func @main(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = stablehlo.custom_call @Sharding(%x) {sdy.sharding = #sdy.sharding_per_value<[<@maximal_mesh_0, []>]>} : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK:      builtin.module {
// CHECK-NEXT:   func.func @main(%x: tensor<3xf32>) -> tensor<3xf32> {
// CHECK-NEXT:     func.return %x
