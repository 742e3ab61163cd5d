// A reshape to sizes that are data is refused.
// RUN: DIAG -p fold-static-shapes

func.func @main(%x: tensor<12xf32>, %s: tensor<2xindex>) -> tensor<?x?xf32> {
  // expected-error@below {{'tensor.reshape' makes a tensor whose sizes depend on data: tensor<?x?xf32>}}
  %0 = tensor.reshape %x(%s) : (tensor<12xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}
