#all = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#column = affine_map<(i, j) -> (j)>
func.func @main(%x: tensor<1024x768xf32>) -> tensor<1024x768xf32> {
  %gain = arith.constant dense_resource<gain> : tensor<768xf32>
  %bias = arith.constant dense_resource<bias> : tensor<768xf32>
  %zero = arith.constant 0.0 : f32
  %count = arith.constant 768.0 : f32
  %epsilon = arith.constant 1.0e-05 : f32
  %rows = tensor.empty() : tensor<1024xf32>
  %init = linalg.fill ins(%zero : f32) outs(%rows : tensor<1024xf32>) -> tensor<1024xf32>
  %sum = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<1024x768xf32>) outs(%init : tensor<1024xf32>) {
  ^bb0(%in: f32, %out: f32):
    %next = arith.addf %in, %out : f32
    linalg.yield %next : f32
  } -> tensor<1024xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x, %sum : tensor<1024x768xf32>, tensor<1024xf32>) outs(%init : tensor<1024xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %mean = arith.divf %total, %count : f32
    %centred = arith.subf %in, %mean : f32
    %square = arith.mulf %centred, %centred : f32
    %next = arith.addf %square, %out : f32
    linalg.yield %next : f32
  } -> tensor<1024xf32>
  %empty = tensor.empty() : tensor<1024x768xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #row, #column, #column, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sum, %squares, %gain, %bias : tensor<1024x768xf32>, tensor<1024xf32>, tensor<1024xf32>, tensor<768xf32>, tensor<768xf32>)
      outs(%empty : tensor<1024x768xf32>) {
  ^bb0(%in: f32, %total: f32, %total_of_squares: f32, %g: f32, %b: f32, %out: f32):
    %mean = arith.divf %total, %count : f32
    %centred = arith.subf %in, %mean : f32
    %variance = arith.divf %total_of_squares, %count : f32
    %shifted = arith.addf %variance, %epsilon : f32
    %inverse = math.rsqrt %shifted : f32
    %normal = arith.mulf %centred, %inverse : f32
    %scaled = arith.mulf %normal, %g : f32
    %result = arith.addf %scaled, %b : f32
    linalg.yield %result : f32
  } -> tensor<1024x768xf32>
  func.return %y : tensor<1024x768xf32>
}
