// A sum of small floats is kept in f32 in a tensor of its own, and rounded once; so are its terms not at all.
// RUN: zellige-opt %s -p widen-small-floats | filecheck %s

func.func @main(%x: tensor<4x8xbf16>, %init: tensor<4xbf16>) -> tensor<4xbf16> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<4x8xbf16>) outs(%init : tensor<4xbf16>) {
  ^bb0(%a: bf16, %total: bf16):
    %square = arith.mulf %a, %a : bf16
    %sum = arith.addf %total, %square : bf16
    linalg.yield %sum : bf16
  } -> tensor<4xbf16>
  return %0 : tensor<4xbf16>
}

// CHECK:      linalg.generic {{.*}} ins(%init : tensor<4xbf16>) outs(%{{.*}} : tensor<4xf32>)
// CHECK:        arith.extf {{.*}} : bf16 to f32
// CHECK:      linalg.generic {{.*}} ins(%x : tensor<4x8xbf16>) outs(%{{.*}} : tensor<4xf32>)
// CHECK-NEXT: ^{{.*}}(%a: bf16, %[[T:.*]]: f32):
// CHECK-NEXT:   %[[A:.*]] = arith.extf %a : bf16 to f32
// CHECK-NEXT:   %[[S:.*]] = arith.mulf %[[A]], %[[A]] : f32
// CHECK-NEXT:   %[[N:.*]] = arith.addf %[[T]], %[[S]] : f32
// CHECK-NEXT:   linalg.yield %[[N]] : f32
// CHECK:      linalg.generic {{.*}} outs(%{{.*}} : tensor<4xbf16>)
// CHECK:        arith.truncf {{.*}} : f32 to bf16
