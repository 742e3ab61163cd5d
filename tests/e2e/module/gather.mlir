// An input of i64, a table of f32 in the module, and no other tensors: the type of an access says what it accesses.
func.func @main(%rows: tensor<5xi64>) -> tensor<5xf32> {
  %table = arith.constant dense<[0.5, 1.5, 2.5, 3.5]> : tensor<4xf32>
  %empty = tensor.empty() : tensor<5xf32>
  %result = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]} ins(%rows : tensor<5xi64>) outs(%empty : tensor<5xf32>) {
  ^bb0(%row: i64, %out: f32):
    %i = arith.index_cast %row : i64 to index
    %value = tensor.extract %table[%i] : tensor<4xf32>
    linalg.yield %value : f32
  } -> tensor<5xf32>
  return %result : tensor<5xf32>
}
