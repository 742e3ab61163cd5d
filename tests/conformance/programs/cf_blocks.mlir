// Blocks in place of regions: a loop with a branch, a loop that is tested at its end, and two returns.
func.func @main(%x: tensor<4xf32>, %n: i32, %p: i1) -> tensor<4xf32> {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  %e = tensor.empty() : tensor<4xf32>
  cf.br ^head(%c0, %x : i32, tensor<4xf32>)
^head(%i: i32, %v: tensor<4xf32>):
  %go = arith.cmpi slt, %i, %n : i32
  cf.cond_br %go, ^body, ^end
^body:
  %even = arith.remsi %i, %c2 : i32
  %is_even = arith.cmpi eq, %even, %c0 : i32
  cf.cond_br %is_even, ^add, ^inner(%c0, %v : i32, tensor<4xf32>)
^add:
  %s = linalg.add ins(%v, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  cf.br ^next(%s : tensor<4xf32>)
^inner(%k: i32, %w: tensor<4xf32>):
  %w2 = linalg.mul ins(%w, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %k1 = arith.addi %k, %c1 : i32
  %done = arith.cmpi sge, %k1, %i : i32
  cf.cond_br %done, ^next(%w2 : tensor<4xf32>), ^inner(%k1, %w2 : i32, tensor<4xf32>)
^next(%t: tensor<4xf32>):
  %j = arith.addi %i, %c1 : i32
  cf.br ^head(%j, %t : i32, tensor<4xf32>)
^end:
  cf.cond_br %p, ^a, ^b
^a:
  return %v : tensor<4xf32>
^b:
  %neg = linalg.negf ins(%v : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %neg : tensor<4xf32>
}
