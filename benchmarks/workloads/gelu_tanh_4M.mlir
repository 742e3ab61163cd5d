#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<4096x1024xf32>) -> tensor<4096x1024xf32> {
  %scale = arith.constant 1.25 : f32
  %shift = arith.constant 0.125 : f32
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %sqrt_2_over_pi = arith.constant 0.7978845608 : f32
  %cubic = arith.constant 0.044715 : f32
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
    %square = arith.mulf %in, %in : f32
    %cube = arith.mulf %square, %in : f32
    %small = arith.mulf %cube, %cubic : f32
    %sum = arith.addf %in, %small : f32
    %inner = arith.mulf %sum, %sqrt_2_over_pi : f32
    %tanh = math.tanh %inner : f32
    %gate = arith.addf %tanh, %one : f32
    %halved = arith.mulf %in, %half : f32
    %gelu = arith.mulf %halved, %gate : f32
    linalg.yield %gelu : f32
  } -> tensor<4096x1024xf32>
  func.return %y : tensor<4096x1024xf32>
}
