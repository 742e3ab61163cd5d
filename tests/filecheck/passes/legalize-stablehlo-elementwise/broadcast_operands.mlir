// A bound or a condition without dimensions is the same for all elements; a region becomes the body.
// RUN: zellige-opt %s -p legalize-stablehlo-elementwise | filecheck %s

func.func @clamp(%low: tensor<f32>, %x: tensor<4xf32>, %high: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.clamp %low, %x, %high : (tensor<f32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%low, %x, %high : tensor<f32>, tensor<4xf32>, tensor<4xf32>)
// CHECK-NEXT: ^bb0([[LOW:%.+]]: f32, [[X:%.+]]: f32, [[HIGH:%.+]]: f32, %{{.+}}: f32):
// CHECK-NEXT:   [[M:%.+]] = arith.maximumf [[X]], [[LOW]] : f32
// CHECK-NEXT:   [[N:%.+]] = arith.minimumf [[M]], [[HIGH]] : f32
// CHECK-NEXT:   linalg.yield [[N]] : f32

func.func @map(%x: tensor<4xi32>, %y: tensor<i32>) -> tensor<4xi32> {
  %0 = "stablehlo.map"(%x) <{dimensions = array<i64: 0>}> ({
  ^bb0(%a: tensor<i32>):
    %two = stablehlo.constant dense<2> : tensor<i32>
    %b = stablehlo.multiply %a, %two : tensor<i32>
    %c = stablehlo.add %b, %y : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) : (tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// CHECK:      ^bb0([[A:%.+]]: i32, %{{.+}}: i32):
// CHECK-NEXT:   [[TWO:%.+]] = arith.constant 2 : i32
// CHECK-NEXT:   %b = arith.muli [[A]], [[TWO]] : i32
// CHECK-NEXT:   [[Y:%.+]] = tensor.extract %y[] : tensor<i32>
// CHECK-NEXT:   %c = arith.addi %b, [[Y]] : i32
// CHECK-NEXT:   linalg.yield %c : i32
