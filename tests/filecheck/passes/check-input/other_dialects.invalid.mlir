// Ops that nothing translates are named all at once, with their numbers; what is inside of them does not count.
// RUN: zellige-opt %s -p check-input --verify-diagnostics

func.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{op 'stablehlo.all_reduce' is not supported (2 times)}}
  %0 = "stablehlo.all_reduce"(%x) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %c = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %c : tensor<f32>
  }) {replica_groups = dense<0> : tensor<1x1xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "stablehlo.all_reduce"(%0) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %c = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %c : tensor<f32>
  }) {replica_groups = dense<0> : tensor<1x1xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  // expected-note@below {{op 'stablehlo.custom_call' of '@decode' is not supported}}
  %2 = stablehlo.custom_call @decode(%1) : (tensor<4xf32>) -> tensor<4xf32>
  return
}
