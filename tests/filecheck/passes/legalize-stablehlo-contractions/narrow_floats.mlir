// Sums of bf16 are f32, and rounded once at the end.
// RUN: zellige-opt %s -p legalize-stablehlo-contractions | filecheck %s

func.func @main(%a: tensor<4x8xbf16>, %b: tensor<8x5xbf16>) -> tensor<4x5xbf16> {
  %0 = stablehlo.dot %a, %b : (tensor<4x8xbf16>, tensor<8x5xbf16>) -> tensor<4x5xbf16>
  return %0 : tensor<4x5xbf16>
}

// CHECK:      %[[SUMS:.*]] = linalg.generic {{.*}} ins(%a, %b : tensor<4x8xbf16>, tensor<8x5xbf16>) outs(%{{.*}} : tensor<4x5xf32>)
// CHECK:        arith.addf %{{.*}}, %{{.*}} : f32
// CHECK:      linalg.generic {{.*}} ins(%[[SUMS]] : tensor<4x5xf32>)
// CHECK:        arith.truncf %{{.*}} : f32 to bf16
