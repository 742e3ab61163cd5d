// A matrix by a vector, in f64.
func.func @main(%a: tensor<13x27xf64>, %x: tensor<27xf64>, %start: tensor<13xf64>) -> tensor<13xf64> {
  %result = linalg.matvec ins(%a, %x : tensor<13x27xf64>, tensor<27xf64>) outs(%start : tensor<13xf64>) -> tensor<13xf64>
  return %result : tensor<13xf64>
}
