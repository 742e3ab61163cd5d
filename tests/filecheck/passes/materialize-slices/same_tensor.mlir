// What is computed from the tensor that it is inserted into is copied, so that it is whole before anything is written.
// RUN: zellige-opt %s -p materialize-slices,outline-dispatches | filecheck %s

func.func @main(%x: tensor<100xf32>) -> tensor<100xf32> {
  %0 = tensor.extract_slice %x[0] [90] [1] : tensor<100xf32> to tensor<90xf32>
  %e = tensor.empty() : tensor<90xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%0 : tensor<90xf32>) outs(%e : tensor<90xf32>) {
  ^bb0(%a: f32, %out: f32):
    %2 = arith.addf %a, %a : f32
    linalg.yield %2 : f32
  } -> tensor<90xf32>
  %3 = tensor.insert_slice %1 into %x[1] [90] [1] : tensor<90xf32> into tensor<100xf32>
  return %3 : tensor<100xf32>
}

// CHECK:      func.func @main(%x: tensor<100xf32>) -> tensor<100xf32> {
// CHECK-NEXT:   %0 = flow.dispatch @main_0_elementwise_90_f32(%x) : (tensor<100xf32>) -> tensor<90xf32>
// CHECK-NEXT:   %1 = flow.dispatch @main_1_insert_90_f32(%x, %0) tied [0] : (tensor<100xf32>, tensor<90xf32>) -> tensor<100xf32>
