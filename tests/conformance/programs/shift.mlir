// What is inserted is computed from the tensor that it is inserted into, one element further.
func.func @main(%x: tensor<100xf32>) -> tensor<100xf32> {
  %c2 = arith.constant 2.0 : f32
  %0 = tensor.extract_slice %x[0] [90] [1] : tensor<100xf32> to tensor<90xf32>
  %e = tensor.empty() : tensor<90xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%0 : tensor<90xf32>) outs(%e : tensor<90xf32>) {
  ^bb0(%a: f32, %out: f32):
    %2 = arith.mulf %a, %c2 : f32
    linalg.yield %2 : f32
  } -> tensor<90xf32>
  %3 = tensor.insert_slice %1 into %x[1] [90] [1] : tensor<90xf32> into tensor<100xf32>
  return %3 : tensor<100xf32>
}
