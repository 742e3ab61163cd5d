#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#y = affine_map<(m, n, k) -> (m, n)>
func.func @main(%a: tensor<512x512xi8>) -> tensor<512x512xi32> {
  %b = arith.constant dense_resource<b> : tensor<512x512xi8>
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<512x512xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<512x512xi32>) -> tensor<512x512xi32>
  %y = linalg.generic {indexing_maps = [#a, #b, #y], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<512x512xi8>, tensor<512x512xi8>) outs(%init : tensor<512x512xi32>) {
  ^bb0(%left: i8, %right: i8, %sum: i32):
    %unsigned = arith.extui %left : i8 to i32
    %signed = arith.extsi %right : i8 to i32
    %product = arith.muli %unsigned, %signed : i32
    %next = arith.addi %sum, %product : i32
    linalg.yield %next : i32
  } -> tensor<512x512xi32>
  func.return %y : tensor<512x512xi32>
}
