// Only calls of functions on single integers, which may compute sizes, are replaced; others wait.
// RUN: zellige-opt %s -p 'inline-calls{numbers=true}' | filecheck %s

func.func private @half(%n: tensor<i32>) -> tensor<i32> {
  %two = stablehlo.constant dense<2> : tensor<i32>
  %0 = stablehlo.divide %n, %two : tensor<i32>
  return %0 : tensor<i32>
}

func.func private @relu(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = stablehlo.abs %x : tensor<8xf32>
  return %0 : tensor<8xf32>
}

func.func private @sized(%n: tensor<i32>, %x: tensor<?xf32>) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}

func.func @main(%n: tensor<i32>, %x: tensor<8xf32>, %y: tensor<?xf32>) -> (tensor<i32>, tensor<8xf32>, tensor<?xf32>) {
  %0 = call @half(%n) : (tensor<i32>) -> tensor<i32>
  %1 = call @relu(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %2 = call @sized(%n, %y) : (tensor<i32>, tensor<?xf32>) -> tensor<?xf32>
  return %0, %1, %2 : tensor<i32>, tensor<8xf32>, tensor<?xf32>
}

// CHECK:      func.func @main
// CHECK-NEXT:   stablehlo.constant dense<2>
// CHECK-NEXT:   %[[HALF:.*]] = stablehlo.divide %n
// CHECK-NEXT:   %[[RELU:.*]] = func.call @relu(%x)
// CHECK-NEXT:   func.return %[[HALF]], %[[RELU]], %y
