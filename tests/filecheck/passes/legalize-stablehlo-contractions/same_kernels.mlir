// A convolution and a product are the kernels that the named ops of linalg are: equal executables are one.
// RUN: zellige compile %s --to dispatch -o - | filecheck %s

func.func @product(%a: tensor<64x48xf32>, %b: tensor<48x32xf32>) -> tensor<64x32xf32> {
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<64x48xf32>, tensor<48x32xf32>) -> tensor<64x32xf32>
  return %0 : tensor<64x32xf32>
}

func.func @named_product(%a: tensor<64x48xf32>, %b: tensor<48x32xf32>) -> tensor<64x32xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x32xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<64x32xf32>) -> tensor<64x32xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<64x48xf32>, tensor<48x32xf32>) outs(%f : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %0 : tensor<64x32xf32>
}

func.func @convolution(%a: tensor<1x10x10x16xf32>, %b: tensor<3x3x16x32xf32>) -> tensor<1x8x8x32xf32> {
  %0 = stablehlo.convolution(%a, %b) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x10x10x16xf32>, tensor<3x3x16x32xf32>) -> tensor<1x8x8x32xf32>
  return %0 : tensor<1x8x8x32xf32>
}

func.func @named_convolution(%a: tensor<1x10x10x16xf32>, %b: tensor<3x3x16x32xf32>) -> tensor<1x8x8x32xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x8x8x32xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<1x8x8x32xf32>) -> tensor<1x8x8x32xf32>
  %0 = linalg.conv_2d_nhwc_hwcf ins(%a, %b : tensor<1x10x10x16xf32>, tensor<3x3x16x32xf32>) outs(%f : tensor<1x8x8x32xf32>) -> tensor<1x8x8x32xf32>
  return %0 : tensor<1x8x8x32xf32>
}

// CHECK:      flow.executable @[[PRODUCT:product[a-z0-9_]*]] {
// CHECK:      func.func @named_product
// CHECK-NEXT: flow.dispatch @[[PRODUCT]](
// CHECK:      flow.executable @[[CONVOLUTION:convolution[a-z0-9_]*]] {
// CHECK:      func.func @named_convolution
// CHECK-NEXT: flow.dispatch @[[CONVOLUTION]](
