// Loops in loops: a triangle of powers, a loop that swaps what it carries, one that never runs, and what they use from outside.
module @loops {
  func.func public @main(%x: tensor<4xf32>, %n: tensor<i32>, %scale: tensor<4xf32>)
      -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<i32>, tensor<4xf32>) {
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %one = stablehlo.constant dense<1> : tensor<i32>
    %half = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %halves = stablehlo.broadcast_in_dim %half, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %0:3 = stablehlo.while(%i = %zero, %sum = %x, %steps = %zero) : tensor<i32>, tensor<4xf32>, tensor<i32>
    cond {
      %1 = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    } do {
      %2:3 = stablehlo.while(%j = %zero, %inner = %sum, %count = %steps) : tensor<i32>, tensor<4xf32>, tensor<i32>
      cond {
        %1 = stablehlo.compare LT, %j, %i : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %1 : tensor<i1>
      } do {
        %3 = stablehlo.multiply %inner, %scale : tensor<4xf32>
        %4 = stablehlo.add %3, %sum : tensor<4xf32>
        %5 = stablehlo.multiply %4, %halves : tensor<4xf32>
        %6 = stablehlo.add %j, %one : tensor<i32>
        %7 = stablehlo.add %count, %one : tensor<i32>
        stablehlo.return %6, %5, %7 : tensor<i32>, tensor<4xf32>, tensor<i32>
      }
      %8 = func.call @next(%i) : (tensor<i32>) -> tensor<i32>
      %9 = stablehlo.subtract %2#1, %x : tensor<4xf32>
      stablehlo.return %8, %9, %2#2 : tensor<i32>, tensor<4xf32>, tensor<i32>
    }
    %10:3 = stablehlo.while(%i = %zero, %a = %x, %b = %scale) : tensor<i32>, tensor<4xf32>, tensor<4xf32>
    cond {
      %1 = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    } do {
      %2 = stablehlo.add %i, %one : tensor<i32>
      stablehlo.return %2, %b, %a : tensor<i32>, tensor<4xf32>, tensor<4xf32>
    }
    %11 = stablehlo.while(%never = %scale) : tensor<4xf32>
    cond {
      %1 = stablehlo.compare NE, %n, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    } do {
      %2 = stablehlo.add %never, %x : tensor<4xf32>
      stablehlo.return %2 : tensor<4xf32>
    }
    return %0#1, %10#1, %10#2, %0#2, %11 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<i32>, tensor<4xf32>
  }
  func.func private @next(%i: tensor<i32>) -> tensor<i32> {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %0 = stablehlo.add %i, %one : tensor<i32>
    return %0 : tensor<i32>
  }
}
