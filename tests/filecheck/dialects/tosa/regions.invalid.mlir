// Regions take what the op takes, and yield what it gives; a condition is one truth value.
// RUN: DIAG

func.func @taken(%c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error@below {{expected the second region to take (tensor<2xf32>), got ()}}
  %0 = tosa.cond_if %c (%a = %x) : tensor<i1> (tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%a: tensor<2xf32>):
    tosa.yield %a : tensor<2xf32>
  } else {
    tosa.yield %x : tensor<2xf32>
  }
  return
}

// -----

func.func @several(%c: tensor<2xi1>, %x: tensor<2xf32>) {
  // expected-error@below {{expected the condition to be one i1, got tensor<2xi1>}}
  %0 = tosa.cond_if %c : tensor<2xi1> -> tensor<2xf32> {
    tosa.yield %x : tensor<2xf32>
  } else {
    tosa.yield %x : tensor<2xf32>
  }
  return
}
