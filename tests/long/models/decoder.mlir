// One step of glassllm's decoder: RMSNorm, rotary positions, grouped queries, SwiGLU. The functions of a layer; what
// calls them, with the weights and a cache for each layer, is written by language_model.py.

func.func private @norm(%x: tensor<128xf32>, %gamma: tensor<128xf32>) -> tensor<128xf32> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %size = stablehlo.constant dense<128.0> : tensor<f32>
  %epsilon = stablehlo.constant dense<1.0e-6> : tensor<f32>
  %squares = stablehlo.multiply %x, %x : tensor<128xf32>
  %sum = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [0]
      : (tensor<128xf32>, tensor<f32>) -> tensor<f32>
  %mean = stablehlo.divide %sum, %size : tensor<f32>
  %shifted = stablehlo.add %mean, %epsilon : tensor<f32>
  %root = stablehlo.sqrt %shifted : tensor<f32>
  %roots = stablehlo.broadcast_in_dim %root, dims = [] : (tensor<f32>) -> tensor<128xf32>
  %normal = stablehlo.divide %x, %roots : tensor<128xf32>
  %scaled = stablehlo.multiply %normal, %gamma : tensor<128xf32>
  return %scaled : tensor<128xf32>
}

// Neighbouring pairs of each head are turned by the angles of the position.
func.func private @rotate(%heads: tensor<6x32xf32>, %cos: tensor<16xf32>, %sin: tensor<16xf32>) -> tensor<6x32xf32> {
  %c = stablehlo.broadcast_in_dim %cos, dims = [1] : (tensor<16xf32>) -> tensor<6x16xf32>
  %s = stablehlo.broadcast_in_dim %sin, dims = [1] : (tensor<16xf32>) -> tensor<6x16xf32>
  %a = stablehlo.slice %heads [0:6, 0:32:2] : (tensor<6x32xf32>) -> tensor<6x16xf32>
  %b = stablehlo.slice %heads [0:6, 1:32:2] : (tensor<6x32xf32>) -> tensor<6x16xf32>
  %ac = stablehlo.multiply %a, %c : tensor<6x16xf32>
  %bs = stablehlo.multiply %b, %s : tensor<6x16xf32>
  %as = stablehlo.multiply %a, %s : tensor<6x16xf32>
  %bc = stablehlo.multiply %b, %c : tensor<6x16xf32>
  %even = stablehlo.subtract %ac, %bs : tensor<6x16xf32>
  %odd = stablehlo.add %as, %bc : tensor<6x16xf32>
  %evens = stablehlo.reshape %even : (tensor<6x16xf32>) -> tensor<6x16x1xf32>
  %odds = stablehlo.reshape %odd : (tensor<6x16xf32>) -> tensor<6x16x1xf32>
  %pairs = stablehlo.concatenate %evens, %odds, dim = 2
      : (tensor<6x16x1xf32>, tensor<6x16x1xf32>) -> tensor<6x16x2xf32>
  %turned = stablehlo.reshape %pairs : (tensor<6x16x2xf32>) -> tensor<6x32xf32>
  return %turned : tensor<6x32xf32>
}

// What heads read at the positions so far; the caches with the keys and values of this position come back, too.
func.func private @attend(
    %x: tensor<128xf32>, %wq: tensor<128x128xf32>, %wk: tensor<128x64xf32>, %wv: tensor<128x64xf32>,
    %wo: tensor<128x128xf32>, %cos: tensor<16xf32>, %sin: tensor<16xf32>, %position: tensor<i32>,
    %keys: tensor<2x128x32xf32>, %values: tensor<2x128x32xf32>
) -> (tensor<128xf32>, tensor<2x128x32xf32>, tensor<2x128x32xf32>) {
  %none = stablehlo.constant dense<0> : tensor<i32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %lowest = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %scale = stablehlo.constant dense<5.65685415> : tensor<2x2x128xf32>
  %q = stablehlo.dot %x, %wq : (tensor<128xf32>, tensor<128x128xf32>) -> tensor<128xf32>
  %k = stablehlo.dot %x, %wk : (tensor<128xf32>, tensor<128x64xf32>) -> tensor<64xf32>
  %v = stablehlo.dot %x, %wv : (tensor<128xf32>, tensor<128x64xf32>) -> tensor<64xf32>
  %qk = stablehlo.concatenate %q, %k, dim = 0 : (tensor<128xf32>, tensor<64xf32>) -> tensor<192xf32>
  %heads = stablehlo.reshape %qk : (tensor<192xf32>) -> tensor<6x32xf32>
  %turned = call @rotate(%heads, %cos, %sin) : (tensor<6x32xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<6x32xf32>
  %queries_flat = stablehlo.slice %turned [0:4, 0:32] : (tensor<6x32xf32>) -> tensor<4x32xf32>
  %queries = stablehlo.reshape %queries_flat : (tensor<4x32xf32>) -> tensor<2x2x32xf32>
  %key_flat = stablehlo.slice %turned [4:6, 0:32] : (tensor<6x32xf32>) -> tensor<2x32xf32>
  %key = stablehlo.reshape %key_flat : (tensor<2x32xf32>) -> tensor<2x1x32xf32>
  %value = stablehlo.reshape %v : (tensor<64xf32>) -> tensor<2x1x32xf32>
  %new_keys = stablehlo.dynamic_update_slice %keys, %key, %none, %position, %none
      : (tensor<2x128x32xf32>, tensor<2x1x32xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x128x32xf32>
  %new_values = stablehlo.dynamic_update_slice %values, %value, %none, %position, %none
      : (tensor<2x128x32xf32>, tensor<2x1x32xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x128x32xf32>
  %products = stablehlo.dot_general %queries, %new_keys, batching_dims = [0] x [0], contracting_dims = [2] x [2]
      : (tensor<2x2x32xf32>, tensor<2x128x32xf32>) -> tensor<2x2x128xf32>
  %scores = stablehlo.divide %products, %scale : tensor<2x2x128xf32>
  %places = stablehlo.iota dim = 2 : tensor<2x2x128xi32>
  %here = stablehlo.broadcast_in_dim %position, dims = [] : (tensor<i32>) -> tensor<2x2x128xi32>
  %is_known = stablehlo.compare LE, %places, %here : (tensor<2x2x128xi32>, tensor<2x2x128xi32>) -> tensor<2x2x128xi1>
  %nothing = stablehlo.broadcast_in_dim %lowest, dims = [] : (tensor<f32>) -> tensor<2x2x128xf32>
  %masked = stablehlo.select %is_known, %scores, %nothing : tensor<2x2x128xi1>, tensor<2x2x128xf32>
  %largest = stablehlo.reduce(%masked init: %lowest) applies stablehlo.maximum across dimensions = [2]
      : (tensor<2x2x128xf32>, tensor<f32>) -> tensor<2x2xf32>
  %peaks = stablehlo.broadcast_in_dim %largest, dims = [0, 1] : (tensor<2x2xf32>) -> tensor<2x2x128xf32>
  %below = stablehlo.subtract %masked, %peaks : tensor<2x2x128xf32>
  %powers = stablehlo.exponential %below : tensor<2x2x128xf32>
  %total = stablehlo.reduce(%powers init: %zero) applies stablehlo.add across dimensions = [2]
      : (tensor<2x2x128xf32>, tensor<f32>) -> tensor<2x2xf32>
  %totals = stablehlo.broadcast_in_dim %total, dims = [0, 1] : (tensor<2x2xf32>) -> tensor<2x2x128xf32>
  %shares = stablehlo.divide %powers, %totals : tensor<2x2x128xf32>
  %read = stablehlo.dot_general %shares, %new_values, batching_dims = [0] x [0], contracting_dims = [2] x [1]
      : (tensor<2x2x128xf32>, tensor<2x128x32xf32>) -> tensor<2x2x32xf32>
  %flat = stablehlo.reshape %read : (tensor<2x2x32xf32>) -> tensor<128xf32>
  %mixed = stablehlo.dot %flat, %wo : (tensor<128xf32>, tensor<128x128xf32>) -> tensor<128xf32>
  return %mixed, %new_keys, %new_values : tensor<128xf32>, tensor<2x128x32xf32>, tensor<2x128x32xf32>
}

func.func private @feed_forward(
    %x: tensor<128xf32>, %w1: tensor<128x341xf32>, %w3: tensor<128x341xf32>, %w2: tensor<341x128xf32>
) -> tensor<128xf32> {
  %gate = stablehlo.dot %x, %w1 : (tensor<128xf32>, tensor<128x341xf32>) -> tensor<341xf32>
  %up = stablehlo.dot %x, %w3 : (tensor<128xf32>, tensor<128x341xf32>) -> tensor<341xf32>
  %sigmoid = stablehlo.logistic %gate : tensor<341xf32>
  %silu = stablehlo.multiply %gate, %sigmoid : tensor<341xf32>
  %act = stablehlo.multiply %silu, %up : tensor<341xf32>
  %down = stablehlo.dot %act, %w2 : (tensor<341xf32>, tensor<341x128xf32>) -> tensor<128xf32>
  return %down : tensor<128xf32>
}

func.func private @layer(
    %x: tensor<128xf32>, %norm1: tensor<128xf32>, %wq: tensor<128x128xf32>, %wk: tensor<128x64xf32>,
    %wv: tensor<128x64xf32>, %wo: tensor<128x128xf32>, %norm2: tensor<128xf32>, %w1: tensor<128x341xf32>,
    %w3: tensor<128x341xf32>, %w2: tensor<341x128xf32>, %cos: tensor<16xf32>, %sin: tensor<16xf32>,
    %position: tensor<i32>, %keys: tensor<2x128x32xf32>, %values: tensor<2x128x32xf32>
) -> (tensor<128xf32>, tensor<2x128x32xf32>, tensor<2x128x32xf32>) {
  %h = call @norm(%x, %norm1) : (tensor<128xf32>, tensor<128xf32>) -> tensor<128xf32>
  %read, %new_keys, %new_values = call @attend(%h, %wq, %wk, %wv, %wo, %cos, %sin, %position, %keys, %values)
      : (tensor<128xf32>, tensor<128x128xf32>, tensor<128x64xf32>, tensor<128x64xf32>, tensor<128x128xf32>,
         tensor<16xf32>, tensor<16xf32>, tensor<i32>, tensor<2x128x32xf32>, tensor<2x128x32xf32>)
      -> (tensor<128xf32>, tensor<2x128x32xf32>, tensor<2x128x32xf32>)
  %y = stablehlo.add %x, %read : tensor<128xf32>
  %i = call @norm(%y, %norm2) : (tensor<128xf32>, tensor<128xf32>) -> tensor<128xf32>
  %made = call @feed_forward(%i, %w1, %w3, %w2)
      : (tensor<128xf32>, tensor<128x341xf32>, tensor<128x341xf32>, tensor<341x128xf32>) -> tensor<128xf32>
  %z = stablehlo.add %y, %made : tensor<128xf32>
  return %z, %new_keys, %new_values : tensor<128xf32>, tensor<2x128x32xf32>, tensor<2x128x32xf32>
}
