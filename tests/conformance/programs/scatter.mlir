// Rows with vectors, elements, windows that stick out on either side, indices beyond any address, two tensors at once.
func.func @main(%x: tensor<6x21xf32>, %rows: tensor<5x1xi64>, %u: tensor<5x1x21xf32>, %y: tensor<7x5xi32>,
                %corners: tensor<4x2xi32>, %w: tensor<4x3x2xi32>)
    -> (tensor<6x21xf32>, tensor<7x5xi32>, tensor<7x5xi32>, tensor<7x5xi32>) {
  %sums = linalg_ext.scatter dims = [0] into(%x : tensor<6x21xf32>) ins(%rows, %u : tensor<5x1xi64>, tensor<5x1x21xf32>) {
  ^bb0(%old: f32, %new: f32):
    %sum = arith.addf %old, %new : f32
    linalg_ext.yield %sum : f32
  } -> tensor<6x21xf32>
  %last = linalg_ext.scatter dims = [1, 0] into(%y : tensor<7x5xi32>) ins(%corners, %w : tensor<4x2xi32>, tensor<4x3x2xi32>) {
  ^bb0(%old: i32, %new: i32):
    linalg_ext.yield %new : i32
  } -> tensor<7x5xi32>
  %both:2 = linalg_ext.scatter dims = [0, 1] into(%y, %y : tensor<7x5xi32>, tensor<7x5xi32>)
      ins(%corners, %w, %w : tensor<4x2xi32>, tensor<4x3x2xi32>, tensor<4x3x2xi32>) {
  ^bb0(%p: i32, %q: i32, %a: i32, %b: i32):
    %0 = arith.addi %p, %a : i32
    %1 = arith.maxsi %q, %b : i32
    linalg_ext.yield %0, %1 : i32, i32
  } -> (tensor<7x5xi32>, tensor<7x5xi32>)
  return %sums, %last, %both#0, %both#1 : tensor<6x21xf32>, tensor<7x5xi32>, tensor<7x5xi32>, tensor<7x5xi32>
}
