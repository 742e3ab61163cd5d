func.func @main(%x: tensor<8xf32>, %count: tensor<i32>) -> tensor<?xf32> {
  %0 = tensor.extract %count[] : tensor<i32>
  %n = arith.index_cast %0 : i32 to index
  %y = tensor.extract_slice %x[0] [%n] [1] : tensor<8xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}
