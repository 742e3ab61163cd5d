#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<1x784xf32>) -> tensor<1x10xf32> {
  %w0 = arith.constant dense_resource<w0> : tensor<784x512xf32>
  %w1 = arith.constant dense_resource<w1> : tensor<512x512xf32>
  %w2 = arith.constant dense_resource<w2> : tensor<512x10xf32>
  %b0 = arith.constant dense_resource<b0> : tensor<512xf32>
  %b1 = arith.constant dense_resource<b1> : tensor<512xf32>
  %b2 = arith.constant dense_resource<b2> : tensor<10xf32>
  %zero = arith.constant 0.0 : f32
  %wide = tensor.empty() : tensor<1x512xf32>
  %narrow = tensor.empty() : tensor<1x10xf32>
  %i0 = linalg.broadcast ins(%b0 : tensor<512xf32>) outs(%wide : tensor<1x512xf32>) dimensions = [0]
  %h0 = linalg.matmul ins(%x, %w0 : tensor<1x784xf32>, tensor<784x512xf32>) outs(%i0 : tensor<1x512xf32>) -> tensor<1x512xf32>
  %r0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%h0 : tensor<1x512xf32>) outs(%wide : tensor<1x512xf32>) {
  ^bb0(%in: f32, %out: f32):
    %relu = arith.maximumf %in, %zero : f32
    linalg.yield %relu : f32
  } -> tensor<1x512xf32>
  %i1 = linalg.broadcast ins(%b1 : tensor<512xf32>) outs(%wide : tensor<1x512xf32>) dimensions = [0]
  %h1 = linalg.matmul ins(%r0, %w1 : tensor<1x512xf32>, tensor<512x512xf32>) outs(%i1 : tensor<1x512xf32>) -> tensor<1x512xf32>
  %r1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%h1 : tensor<1x512xf32>) outs(%wide : tensor<1x512xf32>) {
  ^bb0(%in: f32, %out: f32):
    %relu = arith.maximumf %in, %zero : f32
    linalg.yield %relu : f32
  } -> tensor<1x512xf32>
  %i2 = linalg.broadcast ins(%b2 : tensor<10xf32>) outs(%narrow : tensor<1x10xf32>) dimensions = [0]
  %y = linalg.matmul ins(%r1, %w2 : tensor<1x512xf32>, tensor<512x10xf32>) outs(%i2 : tensor<1x10xf32>) -> tensor<1x10xf32>
  func.return %y : tensor<1x10xf32>
}
