// A tensor and a number that a loop carries, and a position that depends on the round.
func.func @main(%x: tensor<6x8xf32>, %start: tensor<8xf32>) -> (tensor<8xf32>, tensor<i32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c6 = arith.constant 6 : index
  %zero = arith.constant 0 : i32
  %seven = arith.constant 7 : i32
  %sum, %count = scf.for %i = %c0 to %c6 step %c1 iter_args(%state = %start, %number = %zero) -> (tensor<8xf32>, i32) {
    %row = tensor.extract_slice %x[%i, 0] [1, 8] [1, 1] : tensor<6x8xf32> to tensor<8xf32>
    %empty = tensor.empty() : tensor<8xf32>
    %next = linalg.add ins(%state, %row : tensor<8xf32>, tensor<8xf32>) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
    %more = arith.addi %number, %seven : i32
    scf.yield %next, %more : tensor<8xf32>, i32
  }
  %result = tensor.from_elements %count : tensor<i32>
  return %sum, %result : tensor<8xf32>, tensor<i32>
}
