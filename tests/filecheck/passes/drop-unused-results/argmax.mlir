// The position of a maximum is not computed when only the maximum is read.
// RUN: zellige-opt %s -p drop-unused-results | filecheck %s

func.func @main(%a: tensor<4x8xf32>, %i0: tensor<4xf32>, %i1: tensor<4xindex>) -> tensor<4xf32> {
  %max, %arg = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%a : tensor<4x8xf32>) outs(%i0, %i1 : tensor<4xf32>, tensor<4xindex>) {
  ^bb0(%x: f32, %m: f32, %p: index):
    %i = linalg.index 1 : index
    %new = arith.maximumf %x, %m : f32
    %more = arith.cmpf ogt, %x, %m : f32
    %where = arith.select %more, %i, %p : index
    linalg.yield %new, %where : f32, index
  } -> (tensor<4xf32>, tensor<4xindex>)
  return %max : tensor<4xf32>
}

// CHECK:      %max = linalg.generic {{.*}} outs(%i0 : tensor<4xf32>) {
// CHECK-NEXT: ^{{.*}}(%x: f32, %m: f32):
// CHECK-NEXT:   %new = arith.maximumf %x, %m : f32
// CHECK-NEXT:   linalg.yield %new : f32
// CHECK-NEXT: } -> tensor<4xf32>
