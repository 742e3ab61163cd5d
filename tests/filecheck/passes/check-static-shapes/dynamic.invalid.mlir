// A dimension that is still not known is refused where it first appears.
// RUN: zellige-opt %s -p check-static-shapes --verify-diagnostics

func.func @f(%n: index) {
  // expected-error@below {{'tensor.empty' makes a tensor with a dynamic dimension: tensor<?xf32>}}
  %0 = tensor.empty(%n) : tensor<?xf32>
  return
}
