// Arithmetic is in f32, rounded where the body ends; constants become f32; a choice is arithmetic too.
// RUN: zellige-opt %s -p widen-small-floats | filecheck %s

func.func @main(%x: tensor<8xf16>) -> tensor<8xf16> {
  %e = tensor.empty() : tensor<8xf16>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<8xf16>) outs(%e : tensor<8xf16>) {
  ^bb0(%a: f16, %o: f16):
    %two = arith.constant 2.0 : f16
    %twice = arith.mulf %a, %two : f16
    %is_less = arith.cmpf olt, %twice, %two : f16
    %chosen = arith.select %is_less, %twice, %a : f16
    linalg.yield %chosen : f16
  } -> tensor<8xf16>
  return %0 : tensor<8xf16>
}

// CHECK:      ^{{.*}}(%a: f16, %o: f16):
// CHECK-NEXT:   %[[A:.*]] = arith.extf %a : f16 to f32
// CHECK-NEXT:   %[[TWO:.*]] = arith.constant 2.000000e+00 : f32
// CHECK-NEXT:   %[[TWICE:.*]] = arith.mulf %[[A]], %[[TWO]] : f32
// CHECK-NEXT:   %[[LESS:.*]] = arith.cmpf olt, %[[TWICE]], %[[TWO]] : f32
// CHECK-NEXT:   %[[CHOSEN:.*]] = arith.select %[[LESS]], %[[TWICE]], %[[A]] : f32
// CHECK-NEXT:   %[[SMALL:.*]] = arith.truncf %[[CHOSEN]] : f32 to f16
// CHECK-NEXT:   linalg.yield %[[SMALL]] : f16
