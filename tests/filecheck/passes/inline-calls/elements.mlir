// What a comparator calls is put into it, with what that calls; a call of the program stays, and so do functions.
// RUN: zellige-opt %s -p inline-calls{elements=true} | filecheck %s

func.func private @less(%a: tensor<f32>, %b: tensor<f32>) -> tensor<i1> {
  %0 = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
  return %0 : tensor<i1>
}
func.func private @greater(%a: tensor<f32>, %b: tensor<f32>) -> tensor<i1> {
  %0 = func.call @less(%b, %a) : (tensor<f32>, tensor<f32>) -> tensor<i1>
  return %0 : tensor<i1>
}
func.func @main(%x: tensor<8xf32>, %y: tensor<f32>) -> (tensor<8xf32>, tensor<i1>) {
  %0 = "stablehlo.sort"(%x) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = func.call @greater(%a, %b) : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) {dimension = 0 : i64, is_stable = true} : (tensor<8xf32>) -> tensor<8xf32>
  %2 = func.call @less(%y, %y) : (tensor<f32>, tensor<f32>) -> tensor<i1>
  return %0, %2 : tensor<8xf32>, tensor<i1>
}

// CHECK:      func.func private @greater
// CHECK-NEXT:   func.call @less
// CHECK:      func.func @main
// CHECK:      ^{{.*}}(%a: tensor<f32>, %b: tensor<f32>):
// CHECK-NEXT:   %[[LESS:[^ ]*]] = stablehlo.compare LT, %b, %a
// CHECK-NEXT:   stablehlo.return %[[LESS]]
// CHECK:        func.call @less(%y, %y)
