// The first elements of rows are sought alone; the longest list that is used is the one that is kept.
// RUN: zellige-opt %s -p narrow-sorts | filecheck %s

func.func @main(%x: tensor<2x100xf32>, %i: tensor<2x100xi32>) -> (tensor<2x4xf32>, tensor<2x5xi32>) {
  %0:4 = linalg_ext.sort dimension(1) ins(%x, %i : tensor<2x100xf32>, tensor<2x100xi32>) {
  ^bb0(%a: f32, %b: f32, %p: i32, %q: i32):
    %greater = arith.cmpf ogt, %a, %b : f32
    linalg_ext.yield %greater : i1
  } -> (tensor<2x100xf32>, tensor<2x100xi32>, tensor<2x100xf32>, tensor<2x100xi32>)
  %values = tensor.extract_slice %0#0[0, 0] [2, 4] [1, 1] : tensor<2x100xf32> to tensor<2x4xf32>
  %places = tensor.extract_slice %0#1[0, 0] [2, 5] [1, 1] : tensor<2x100xi32> to tensor<2x5xi32>
  return %values, %places : tensor<2x4xf32>, tensor<2x5xi32>
}

// CHECK:      %0, %places = linalg_ext.topk dimension(1) ins(%x, %i : tensor<2x100xf32>, tensor<2x100xi32>) {
// CHECK-NEXT: ^bb0(%a: f32, %b: f32):
// CHECK-NEXT:   %greater = arith.cmpf ogt, %a, %b : f32
// CHECK-NEXT:   linalg_ext.yield %greater : i1
// CHECK-NEXT: } -> (tensor<2x5xf32>, tensor<2x5xi32>)
// CHECK-NEXT: %values = tensor.extract_slice %0[0, 0] [2, 4] [1, 1] : tensor<2x5xf32> to tensor<2x4xf32>
// CHECK-NEXT: func.return %values, %places
