// Elements are chosen by their row-major position; equal elements are a fill.
// RUN: zellige-opt %s -p decompose-tensor-elements | filecheck %s

func.func @main(%x: f32, %y: f32) -> (tensor<1x2xf32>, tensor<2xf32>) {
  %0 = tensor.from_elements %x, %y : tensor<1x2xf32>
  %1 = tensor.from_elements %x, %x : tensor<2xf32>
  return %0, %1 : tensor<1x2xf32>, tensor<2xf32>
}

// CHECK:        linalg.index 0 : index
// CHECK:        %[[IS:.*]] = arith.cmpi eq, {{.*}} : index
// CHECK-NEXT:   %[[V:.*]] = arith.select %[[IS]], %y, %x : f32
// CHECK-NEXT:   linalg.yield %[[V]] : f32
// CHECK:      linalg.generic {{.*}} ins(%x : f32) outs(%{{.*}} : tensor<2xf32>)
