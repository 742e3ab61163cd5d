// A window picks by a reduction over it; an element of the result looks at all windows that it may be in.
// RUN: zellige-opt %s -p legalize-stablehlo-select-and-scatter | filecheck %s

func.func @main(%x: tensor<8xf32>, %s: tensor<3xf32>, %z: tensor<f32>) -> tensor<8xf32> {
  %0 = "stablehlo.select_and_scatter"(%x, %s, %z) <{window_dimensions = array<i64: 3>, window_strides = array<i64: 2>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %p = stablehlo.compare GE, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }, {
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %m = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %m : tensor<f32>
  }) : (tensor<8xf32>, tensor<3xf32>, tensor<f32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// CHECK: %[[NOBODY:.*]] = arith.constant dense<-1> : tensor<i32>
// CHECK: "stablehlo.reduce_window"(%x, %[[I:.*]], %z, %[[NOBODY]])
// CHECK: %[[S:.*]] = stablehlo.pad %s, %z, low = [2], high = [3], interior = [1]
// CHECK: %[[N:.*]] = stablehlo.pad %{{.*}}, %[[NOBODY]], low = [2], high = [3], interior = [1]
// CHECK: linalg.generic {indexing_maps = [affine_map<(d0, d1) -> ((d0 + d1))>, affine_map<(d0, d1) -> ((d0 + d1))>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%[[S]], %[[N]], %[[I]],
// CHECK:        %[[MINE:.*]] = arith.cmpi eq
// CHECK-NEXT:   %[[AFTER:.*]] = arith.addf
// CHECK-NEXT:   arith.select %[[MINE]], %[[AFTER]]
