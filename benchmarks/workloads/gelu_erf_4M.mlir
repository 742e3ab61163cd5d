#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<4096x1024xf32>) -> tensor<4096x1024xf32> {
  %scale = arith.constant 1.25 : f32
  %shift = arith.constant 0.125 : f32
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %sqrt_half = arith.constant 0.7071067812 : f32
  %empty = tensor.empty() : tensor<4096x1024xf32>
  %t = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<4096x1024xf32>) outs(%empty : tensor<4096x1024xf32>) {
  ^bb0(%in: f32, %out: f32):
    %scaled = arith.mulf %in, %scale : f32
    %shifted = arith.addf %scaled, %shift : f32
    linalg.yield %shifted : f32
  } -> tensor<4096x1024xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%t : tensor<4096x1024xf32>) outs(%empty : tensor<4096x1024xf32>) {
  ^bb0(%in: f32, %out: f32):
    %inner = arith.mulf %in, %sqrt_half : f32
    %erf = math.erf %inner : f32
    %gate = arith.addf %erf, %one : f32
    %halved = arith.mulf %in, %half : f32
    %gelu = arith.mulf %halved, %gate : f32
    linalg.yield %gelu : f32
  } -> tensor<4096x1024xf32>
  func.return %y : tensor<4096x1024xf32>
}
