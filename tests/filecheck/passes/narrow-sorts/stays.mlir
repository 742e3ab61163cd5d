// A sort stays where more is used of it, where equal elements would change places, and where the list would be long.
// RUN: zellige-opt %s -p narrow-sorts | filecheck %s

func.func @main(%x: tensor<100xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<20xf32>) {
  %0:2 = linalg_ext.sort dimension(0) ins(%x : tensor<100xf32>) {
  ^bb0(%a: f32, %b: f32):
    %greater = arith.cmpf ogt, %a, %b : f32
    linalg_ext.yield %greater : i1
  } -> (tensor<100xf32>, tensor<100xf32>)
  %last = tensor.extract_slice %0#0[96] [4] [1] : tensor<100xf32> to tensor<4xf32>
  %1:2 = linalg_ext.sort dimension(0) ins(%x : tensor<100xf32>) {
  ^bb0(%a: f32, %b: f32):
    %greater = arith.cmpf oge, %a, %b : f32
    linalg_ext.yield %greater : i1
  } -> (tensor<100xf32>, tensor<100xf32>)
  %first = tensor.extract_slice %1#0[0] [4] [1] : tensor<100xf32> to tensor<4xf32>
  %2:2 = linalg_ext.sort dimension(0) ins(%x : tensor<100xf32>) {
  ^bb0(%a: f32, %b: f32):
    %greater = arith.cmpf ogt, %a, %b : f32
    linalg_ext.yield %greater : i1
  } -> (tensor<100xf32>, tensor<100xf32>)
  %many = tensor.extract_slice %2#0[0] [20] [1] : tensor<100xf32> to tensor<20xf32>
  return %last, %first, %many : tensor<4xf32>, tensor<4xf32>, tensor<20xf32>
}

// CHECK-NOT: topk
