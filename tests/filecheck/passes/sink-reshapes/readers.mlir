// What reads unpacked numbers gets their loops, with what is computed for it alone; a reshape is below it.
// RUN: zellige-opt %s -p sink-reshapes | filecheck %s

func.func @main(%bytes: tensor<8x16xi8>, %places: tensor<2xi8>, %scale: tensor<8xf32>, %bias: tensor<32xf32>)
    -> tensor<8x32xf32> {
  %e0 = tensor.empty() : tensor<8x2x16xi8>
  %0 = linalg.generic {indexing_maps = [affine_map<(i, h, j) -> (i, j)>, affine_map<(i, h, j) -> (h)>,
                                        affine_map<(i, h, j) -> (i, h, j)>],
                       iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%bytes, %places : tensor<8x16xi8>, tensor<2xi8>) outs(%e0 : tensor<8x2x16xi8>) {
  ^bb0(%b: i8, %p: i8, %o: i8):
    %s = arith.shrui %b, %p : i8
    linalg.yield %s : i8
  } -> tensor<8x2x16xi8>
  %1 = tensor.collapse_shape %0 [[0], [1, 2]] : tensor<8x2x16xi8> into tensor<8x32xi8>
  %e1 = tensor.empty() : tensor<8x32xf32>
  %spread = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
                            iterator_types = ["parallel", "parallel"]}
      ins(%scale : tensor<8xf32>) outs(%e1 : tensor<8x32xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<8x32xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>,
                                        affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%1, %spread, %bias : tensor<8x32xi8>, tensor<8x32xf32>, tensor<32xf32>) outs(%e1 : tensor<8x32xf32>) {
  ^bb0(%q: i8, %s: f32, %c: f32, %o: f32):
    %n = arith.sitofp %q : i8 to f32
    %m = arith.mulf %n, %s : f32
    %a = arith.addf %m, %c : f32
    linalg.yield %a : f32
  } -> tensor<8x32xf32>
  return %2 : tensor<8x32xf32>
}

// CHECK:      %spread = linalg.generic {{.*}} ins(%scale : tensor<8xf32>) outs(%{{.*}} : tensor<8x2x16xf32>)
// CHECK:      %[[BIAS:[^ ]*]] = tensor.expand_shape %bias {{.*}} : tensor<32xf32> into tensor<2x16xf32>
// CHECK:      %[[SUM:[^ ]*]] = linalg.generic
// CHECK-SAME:   affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-SAME:   ins(%{{.*}}, %spread, %[[BIAS]] : tensor<8x2x16xi8>, tensor<8x2x16xf32>, tensor<2x16xf32>)
// CHECK:      %[[RESULT:[^ ]*]] = tensor.collapse_shape %[[SUM]] {{.*}} : tensor<8x2x16xf32> into tensor<8x32xf32>
// CHECK-NEXT: func.return %[[RESULT]]
