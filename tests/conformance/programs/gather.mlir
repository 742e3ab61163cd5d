// Rows of a table at positions that are data.
func.func @main(%table: tensor<10x7xf32>, %rows: tensor<5xi64>) -> tensor<5x7xf32> {
  %empty = tensor.empty() : tensor<5x7xf32>
  %result = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%rows : tensor<5xi64>) outs(%empty : tensor<5x7xf32>) {
  ^bb0(%row: i64, %out: f32):
    %i = arith.index_cast %row : i64 to index
    %j = linalg.index 1 : index
    %value = tensor.extract %table[%i, %j] : tensor<10x7xf32>
    linalg.yield %value : f32
  } -> tensor<5x7xf32>
  return %result : tensor<5x7xf32>
}
