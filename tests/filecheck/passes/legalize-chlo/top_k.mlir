// The largest elements are the first ones of a stable sort of elements and places.
// RUN: zellige-opt %s -p legalize-chlo | filecheck %s

func.func @f(%x: tensor<4x5xf32>) -> (tensor<4x2xf32>, tensor<4x2xi32>) {
  %0, %1 = chlo.top_k(%x, k = 2) : tensor<4x5xf32> -> (tensor<4x2xf32>, tensor<4x2xi32>)
  return %0, %1 : tensor<4x2xf32>, tensor<4x2xi32>
}

// CHECK:      [[PLACES:%.+]] = stablehlo.iota dim = 1 : tensor<4x5xi32>
// CHECK-NEXT: "stablehlo.sort"(%x, [[PLACES]]) <{dimension = 1 : i64, is_stable = true}>
// CHECK:      stablehlo.compare GT, %{{.*}}, %{{.*}}, TOTALORDER
// CHECK:      stablehlo.slice %{{.*}} [0:4, 0:2] : (tensor<4x5xf32>) -> tensor<4x2xf32>
// CHECK-NEXT: stablehlo.slice %{{.*}} [0:4, 0:2] : (tensor<4x5xi32>) -> tensor<4x2xi32>
