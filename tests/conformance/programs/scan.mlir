// Sums along rows, products down columns that are vectors, backwards, from a start, and two values at once.
func.func @main(%x: tensor<3x9xi32>, %y: tensor<5x11xf32>, %start: tensor<11xf32>)
    -> (tensor<3x9xi32>, tensor<3x9xi32>, tensor<5x11xf32>, tensor<5x11xf32>, tensor<3x9xi32>, tensor<3x9xi32>) {
  %sums = linalg_ext.scan dimension(1) inclusive(true) reverse(false) ins(%x : tensor<3x9xi32>) {
  ^bb0(%sum: i32, %a: i32):
    %0 = arith.addi %sum, %a : i32
    linalg_ext.yield %0 : i32
  } -> tensor<3x9xi32>
  %backwards = linalg_ext.scan dimension(1) inclusive(true) reverse(true) ins(%x : tensor<3x9xi32>) {
  ^bb0(%sum: i32, %a: i32):
    %0 = arith.addi %sum, %a : i32
    linalg_ext.yield %0 : i32
  } -> tensor<3x9xi32>
  %before = linalg_ext.scan dimension(0) inclusive(false) reverse(false) ins(%y : tensor<5x11xf32>)
      init(%start : tensor<11xf32>) {
  ^bb0(%product: f32, %a: f32):
    %0 = arith.mulf %product, %a : f32
    linalg_ext.yield %0 : f32
  } -> tensor<5x11xf32>
  %largest = linalg_ext.scan dimension(0) inclusive(true) reverse(true) ins(%y : tensor<5x11xf32>)
      init(%start : tensor<11xf32>) {
  ^bb0(%most: f32, %a: f32):
    %0 = arith.maximumf %most, %a : f32
    linalg_ext.yield %0 : f32
  } -> tensor<5x11xf32>
  %pairs:2 = linalg_ext.scan dimension(1) inclusive(true) reverse(false)
      ins(%x, %sums : tensor<3x9xi32>, tensor<3x9xi32>) {
  ^bb0(%p: i32, %q: i32, %a: i32, %b: i32):
    %0 = arith.xori %q, %a : i32
    %1 = arith.subi %p, %b : i32
    linalg_ext.yield %0, %1 : i32, i32
  } -> (tensor<3x9xi32>, tensor<3x9xi32>)
  return %sums, %backwards, %before, %largest, %pairs#0, %pairs#1
      : tensor<3x9xi32>, tensor<3x9xi32>, tensor<5x11xf32>, tensor<5x11xf32>, tensor<3x9xi32>, tensor<3x9xi32>
}
