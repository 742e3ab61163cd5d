// Functions that WebAssembly does not have.
#map = affine_map<(d0) -> (d0)>
func.func @main(%x: tensor<33xf32>) -> (tensor<33xf32>, tensor<33xf32>, tensor<33xf32>) {
  %one = arith.constant 1.000000e+00 : f32
  %empty = tensor.empty() : tensor<33xf32>
  %result:3 = linalg.generic {indexing_maps = [#map, #map, #map, #map], iterator_types = ["parallel"]}
      ins(%x : tensor<33xf32>) outs(%empty, %empty, %empty : tensor<33xf32>, tensor<33xf32>, tensor<33xf32>) {
  ^bb0(%a: f32, %o0: f32, %o1: f32, %o2: f32):
    %exp = math.exp %a : f32
    %more = arith.addf %exp, %one : f32
    %log = math.log %more : f32
    %tanh = math.tanh %a : f32
    %erf = math.erf %a : f32
    %sin = math.sin %a : f32
    %cos = math.cos %a : f32
    %root = math.rsqrt %more : f32
    %first = arith.addf %log, %root : f32
    %second = arith.addf %tanh, %erf : f32
    %third = arith.subf %sin, %cos : f32
    linalg.yield %first, %second, %third : f32, f32, f32
  } -> (tensor<33xf32>, tensor<33xf32>, tensor<33xf32>)
  return %result#0, %result#1, %result#2 : tensor<33xf32>, tensor<33xf32>, tensor<33xf32>
}
