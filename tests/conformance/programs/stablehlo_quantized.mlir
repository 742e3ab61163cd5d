// A product of quantised matrices, columns with scales of their own; the largest of rows.
!x = !quant.uniform<u8:f32, 0.5:120>
!w = !quant.uniform<i8<-127:127>:f32:1, {0.25, 0.5, 0.125, 1.0, 0.0625}>
!y = !quant.uniform<i8:f32, 64.0:-5>
!b = !quant.uniform<i32:f32, 0.125>

func.func @main(%x: tensor<4x7x!x>, %w: tensor<7x5x!w>, %b: tensor<4x5x!b>) -> (tensor<4x5x!y>, tensor<4x!x>, tensor<7xf32>) {
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<4x7x!x>, tensor<7x5x!w>) -> tensor<4x5x!b>
  %1 = stablehlo.add %0, %b : tensor<4x5x!b>
  %2 = stablehlo.uniform_quantize %1 : (tensor<4x5x!b>) -> tensor<4x5x!y>
  %low = stablehlo.constant() {value = dense<0> : tensor<ui8>} : () -> tensor<!x>
  %3 = "stablehlo.reduce"(%x, %low) <{dimensions = array<i64: 1>}> ({
  ^bb0(%p: tensor<!x>, %q: tensor<!x>):
    %max = stablehlo.maximum %p, %q : tensor<!x>
    stablehlo.return %max : tensor<!x>
  }) : (tensor<4x7x!x>, tensor<!x>) -> tensor<4x!x>
  %4 = stablehlo.slice %x [1:2, 0:7] : (tensor<4x7x!x>) -> tensor<1x7x!x>
  %5 = stablehlo.reshape %4 : (tensor<1x7x!x>) -> tensor<7x!x>
  %6 = stablehlo.uniform_dequantize %5 : (tensor<7x!x>) -> tensor<7xf32>
  return %2, %3, %6 : tensor<4x5x!y>, tensor<4x!x>, tensor<7xf32>
}
