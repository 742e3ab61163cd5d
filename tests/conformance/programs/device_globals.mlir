// A first call: what globals start from, a store that is loaded again, and one that is only stored.
ml_program.global private mutable @sum(dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>) : tensor<5xf32>
ml_program.global private mutable @ones(dense<1.0> : tensor<5xf32>) : tensor<5xf32>
ml_program.global private mutable @last : tensor<5xf32>
func.func @main(%x: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) {
  %e = tensor.empty() : tensor<5xf32>
  %before = ml_program.global_load @sum : tensor<5xf32>
  %sum = linalg.add ins(%before, %x : tensor<5xf32>, tensor<5xf32>) outs(%e : tensor<5xf32>) -> tensor<5xf32>
  ml_program.global_store @sum = %sum : tensor<5xf32>
  %ones = ml_program.global_load @ones : tensor<5xf32>
  %old = ml_program.global_load @last : tensor<5xf32>
  ml_program.global_store @last = %x : tensor<5xf32>
  %after = ml_program.global_load @sum : tensor<5xf32>
  %all = linalg.add ins(%after, %ones : tensor<5xf32>, tensor<5xf32>) outs(%e : tensor<5xf32>) -> tensor<5xf32>
  ml_program.global_store @ones = %all : tensor<5xf32>
  return %before, %all, %old : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}
