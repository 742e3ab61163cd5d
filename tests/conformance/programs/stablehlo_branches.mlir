// Branches by number inside a loop, a branch on a comparison, and what has no effect: a tuple, a barrier, a composite, a marker.
module @branches {
  func.func public @main(%x: tensor<2x3xf32>, %numbers: tensor<6xi32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %one = stablehlo.constant dense<1> : tensor<i32>
    %six = stablehlo.constant dense<6> : tensor<i32>
    %f0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0:2 = stablehlo.while(%i = %zero, %state = %x) : tensor<i32>, tensor<2x3xf32>
    cond {
      %1 = stablehlo.compare LT, %i, %six : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    } do {
      %2 = stablehlo.iota dim = 0 : tensor<6xi32>
      %3 = stablehlo.broadcast_in_dim %i, dims = [] : (tensor<i32>) -> tensor<6xi32>
      %4 = stablehlo.compare EQ, %2, %3 : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi1>
      %5 = stablehlo.constant dense<-1000> : tensor<6xi32>
      %6 = stablehlo.select %4, %numbers, %5 : tensor<6xi1>, tensor<6xi32>
      %7 = stablehlo.slice %6 [0:1] : (tensor<6xi32>) -> tensor<1xi32>
      %8 = stablehlo.slice %6 [1:2] : (tensor<6xi32>) -> tensor<1xi32>
      %9 = stablehlo.slice %6 [2:3] : (tensor<6xi32>) -> tensor<1xi32>
      %10 = stablehlo.slice %6 [3:4] : (tensor<6xi32>) -> tensor<1xi32>
      %11 = stablehlo.slice %6 [4:5] : (tensor<6xi32>) -> tensor<1xi32>
      %12 = stablehlo.slice %6 [5:6] : (tensor<6xi32>) -> tensor<1xi32>
      %13 = stablehlo.maximum %7, %8 : tensor<1xi32>
      %14 = stablehlo.maximum %9, %10 : tensor<1xi32>
      %15 = stablehlo.maximum %11, %12 : tensor<1xi32>
      %16 = stablehlo.maximum %13, %14 : tensor<1xi32>
      %17 = stablehlo.maximum %15, %16 : tensor<1xi32>
      %number = stablehlo.reshape %17 : (tensor<1xi32>) -> tensor<i32>
      %18 = "stablehlo.case"(%number) ({
        %19 = stablehlo.negate %state : tensor<2x3xf32>
        stablehlo.return %19 : tensor<2x3xf32>
      }, {
        %19 = stablehlo.add %state, %x : tensor<2x3xf32>
        stablehlo.return %19 : tensor<2x3xf32>
      }, {
        %19 = stablehlo.reverse %state, dims = [1] : tensor<2x3xf32>
        stablehlo.return %19 : tensor<2x3xf32>
      }, {
        stablehlo.return %x : tensor<2x3xf32>
      }, {
        %19 = stablehlo.abs %state : tensor<2x3xf32>
        stablehlo.return %19 : tensor<2x3xf32>
      }) : (tensor<i32>) -> tensor<2x3xf32>
      %20 = stablehlo.add %i, %one : tensor<i32>
      stablehlo.return %20, %18 : tensor<i32>, tensor<2x3xf32>
    }
    %21 = stablehlo.slice %0#1 [0:1, 0:1] : (tensor<2x3xf32>) -> tensor<1x1xf32>
    %22 = stablehlo.reshape %21 : (tensor<1x1xf32>) -> tensor<f32>
    %23 = stablehlo.compare GT, %22, %f0 : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %24:2 = "stablehlo.if"(%23) ({
      %25 = stablehlo.add %x, %x : tensor<2x3xf32>
      stablehlo.return %25, %0#1 : tensor<2x3xf32>, tensor<2x3xf32>
    }, {
      %25 = stablehlo.multiply %x, %x : tensor<2x3xf32>
      stablehlo.return %0#1, %25 : tensor<2x3xf32>, tensor<2x3xf32>
    }) : (tensor<i1>) -> (tensor<2x3xf32>, tensor<2x3xf32>)
    %26 = stablehlo.tuple %24#0, %24#1 : tuple<tensor<2x3xf32>, tensor<2x3xf32>>
    %27 = stablehlo.get_tuple_element %26[0] : (tuple<tensor<2x3xf32>, tensor<2x3xf32>>) -> tensor<2x3xf32>
    %28 = stablehlo.get_tuple_element %26[1] : (tuple<tensor<2x3xf32>, tensor<2x3xf32>>) -> tensor<2x3xf32>
    %29, %30 = stablehlo.optimization_barrier %27, %28 : tensor<2x3xf32>, tensor<2x3xf32>
    %31 = stablehlo.composite "my.twice" %29 {decomposition = @twice} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %32 = stablehlo.custom_call @Sharding(%30) {mhlo.sharding = "{replicated}"} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    return %31, %32 : tensor<2x3xf32>, tensor<2x3xf32>
  }
  func.func private @twice(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = stablehlo.add %x, %x : tensor<2x3xf32>
    return %0 : tensor<2x3xf32>
  }
}
