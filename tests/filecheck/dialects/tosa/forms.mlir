// Ops read and print as the flatbuffer converter writes them, and have a generic form; words may be text or attributes.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @f(%x: tensor<1x7x5x6xf32>, %y: tensor<4xf32>, %w: tensor<4xf32>) {
  %0 = tosa.max_pool2d %x {kernel = array<i64: 3, 3>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>, nan_mode = IGNORE} : (tensor<1x7x5x6xf32>) -> tensor<1x4x3x6xf32>
  %1 = tosa.const_shape {values = dense<[3, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %2 = "tosa.const"() <{values = dense<98> : tensor<1xi8>}> : () -> tensor<1xi8>
  %3 = tosa.maximum %y, %w {nan_mode = "PROPAGATE"} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = tosa.concat %y, %w, %y {axis = 0 : i32} : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<12xf32>
  return
}

// CHECK: tosa.max_pool2d %x {{.*}}nan_mode = #tosa.nan_mode<IGNORE>{{.*}} : (tensor<1x7x5x6xf32>) -> tensor<1x4x3x6xf32>
// CHECK: tosa.const_shape {{.*}} : () -> !tosa.shape<2>
// CHECK: tosa.const {{.*}} : () -> tensor<1xi8>
// CHECK: tosa.maximum %y, %w {nan_mode = "PROPAGATE"} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
// CHECK: tosa.concat %y, %w, %y {axis = 0 : i32}
