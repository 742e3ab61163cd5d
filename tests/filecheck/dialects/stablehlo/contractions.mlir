// Products and convolutions, as JAX and torch-mlir print them, and in generic form.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @f(%a: tensor<4x8xf32>, %b: tensor<8x5xf32>, %p: tensor<2x4x8xi8>, %q: tensor<2x8x5xi8>) {
  %0 = stablehlo.dot %a, %b, precision = [DEFAULT, HIGHEST] : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x5xf32>
  %1 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0], precision = [HIGH, HIGH] : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x5xf32>
  %2 = stablehlo.dot_general %p, %q, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<2x4x8xi8>, tensor<2x8x5xi8>) -> tensor<2x4x5xi32>
  %3 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = tf32, lhs_component_count = 1, allow_imprecise_accumulation = false> : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x5xf32>
  %4 = stablehlo.einsum %a, %b, config = "ij,jk->ik" : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x5xf32>
  return
}

func.func @convolutions(%x: tensor<1x4x7x7xf32>, %k: tensor<3x3x6x4xf32>, %pad: tensor<2x2xi64>) {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[0, 1, o, i]->[b, f, 0, 1], window = {stride = [1, 1], pad = [[1, 1], [1, 2]], lhs_dilate = [2, 2], rhs_dilate = [1, 1], reverse = [false, true]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x4x7x7xf32>, tensor<3x3x6x4xf32>) -> tensor<1x6x13x14xf32>
  %1 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[0, 1, o, i]->[b, f, 0, 1], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x7x7xf32>, tensor<3x3x6x4xf32>) -> tensor<1x6x5x5xf32>
  %2 = "stablehlo.dynamic_conv"(%x, %k, %pad) <{dimension_numbers = #stablehlo.conv<[b, f, 0, 1]x[0, 1, o, i]->[b, f, 0, 1]>, feature_group_count = 1 : i64, batch_group_count = 1 : i64}> : (tensor<1x4x7x7xf32>, tensor<3x3x6x4xf32>, tensor<2x2xi64>) -> tensor<1x6x5x5xf32>
  return
}

// CHECK:      %0 = stablehlo.dot %a, %b, precision = [DEFAULT, HIGHEST] : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x5xf32>
// CHECK-NEXT: %1 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0], precision = [HIGH, HIGH] :
// CHECK-NEXT: %2 = stablehlo.dot_general %p, %q, batching_dims = [0] x [0], contracting_dims = [2] x [1] :
// CHECK-NEXT: %3 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = tf32, lhs_component_count = 1, allow_imprecise_accumulation = false> :
// CHECK-NEXT: %4 = stablehlo.einsum %a, %b, config = "ij,jk->ik" :
// CHECK:      %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[0, 1, o, i]->[b, f, 0, 1], window = {stride = [1, 1], pad = {{\[\[}}1, 1], [1, 2]], lhs_dilate = [2, 2], rhs_dilate = [1, 1], reverse = [false, true]} {
// CHECK-NEXT: %1 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[0, 1, o, i]->[b, f, 0, 1], window = {} {
// CHECK-NEXT: %2 = "stablehlo.dynamic_conv"(%x, %k, %pad) <{dimension_numbers = #stablehlo.conv<[b, f, 0, 1]x[0, 1, o, i]->[b, f, 0, 1]>,
