// What an op makes beside other results is copied before it is inserted: a kernel ends in one insertion.
// RUN: zellige-opt %s -p materialize-slices | filecheck %s

func.func @main(%x: tensor<8xf32>, %d: tensor<16xf32>) -> (tensor<16xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  %0, %1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                           iterator_types = ["parallel"]}
      ins(%x : tensor<8xf32>) outs(%e, %e : tensor<8xf32>, tensor<8xf32>) {
  ^bb0(%a: f32, %o: f32, %p: f32):
    %n = arith.negf %a : f32
    linalg.yield %n, %a : f32, f32
  } -> (tensor<8xf32>, tensor<8xf32>)
  %2 = tensor.insert_slice %0 into %d[0] [8] [1] : tensor<8xf32> into tensor<16xf32>
  return %2, %1 : tensor<16xf32>, tensor<8xf32>
}

// CHECK:      %[[MADE:.*]], %{{.*}} = linalg.generic
// CHECK:      %[[COPY:.*]] = linalg.generic {{.*}} ins(%[[MADE]] : tensor<8xf32>)
// CHECK:      tensor.insert_slice %[[COPY]] into %d
