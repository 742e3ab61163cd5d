// A sum of f16 is one of f32, rounded once; a maximum needs no rounding.
// RUN: zellige-opt %s -p legalize-stablehlo-reductions | filecheck %s

func.func @main(%x: tensor<4x8xf16>, %z: tensor<f16>) -> (tensor<4xf16>, tensor<4xf16>) {
  %0 = stablehlo.reduce(%x init: %z) applies stablehlo.add across dimensions = [1] : (tensor<4x8xf16>, tensor<f16>) -> tensor<4xf16>
  %1 = stablehlo.reduce(%x init: %z) applies stablehlo.maximum across dimensions = [1] : (tensor<4x8xf16>, tensor<f16>) -> tensor<4xf16>
  return %0, %1 : tensor<4xf16>, tensor<4xf16>
}

// CHECK: arith.addf %{{.*}}, %{{.*}} : f32
// CHECK: arith.truncf %{{.*}} : f32 to f16
// CHECK: arith.maximumf %{{.*}}, %{{.*}} : f16
