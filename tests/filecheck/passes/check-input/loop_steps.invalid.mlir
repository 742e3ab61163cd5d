// A loop whose counter does not grow would not end.
// RUN: DIAG -p check-input

func.func @main(%x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  // expected-error@below {{a loop with step 0 is not supported, expected at least 1}}
  %0 = scf.for %i = %c0 to %n step %c0 iter_args(%a = %x) -> (tensor<4xf32>) {
    scf.yield %a : tensor<4xf32>
  }
  func.return %0 : tensor<4xf32>
}
