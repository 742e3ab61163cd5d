// Parts cut out, put in, put side by side and surrounded.
func.func @main(%x: tensor<4x6xi32>, %y: tensor<2x3xi32>) -> (tensor<4x6xi32>, tensor<4x9xi32>, tensor<7x7xi32>) {
  %minus = arith.constant -1 : i32
  %inserted = tensor.insert_slice %y into %x[1, 2] [2, 3] [1, 1] : tensor<2x3xi32> into tensor<4x6xi32>
  %cut = tensor.extract_slice %x[0, 1] [4, 3] [1, 2] : tensor<4x6xi32> to tensor<4x3xi32>
  %wide = tensor.concat dim(1) %cut, %inserted : (tensor<4x3xi32>, tensor<4x6xi32>) -> tensor<4x9xi32>
  %padded = tensor.pad %x low[1, 0] high[2, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %minus : i32
  } : tensor<4x6xi32> to tensor<7x7xi32>
  return %inserted, %wide, %padded : tensor<4x6xi32>, tensor<4x9xi32>, tensor<7x7xi32>
}
