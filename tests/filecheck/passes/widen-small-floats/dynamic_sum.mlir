// The size of the rounded result is that of the sum, which is asked before the rounding.
// RUN: zellige-opt %s -p widen-small-floats | filecheck %s

func.func @main(%x: tensor<?x8xf16>, %init: tensor<?xf16>) -> tensor<?xf16> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x8xf16>) outs(%init : tensor<?xf16>) {
  ^bb0(%a: f16, %total: f16):
    %sum = arith.addf %total, %a : f16
    linalg.yield %sum : f16
  } -> tensor<?xf16>
  return %0 : tensor<?xf16>
}

// CHECK:      %[[SUM:.*]] = linalg.generic {{.*}} ins(%x : tensor<?x8xf16>)
// CHECK:      %[[SIZE:.*]] = tensor.dim %[[SUM]]
// CHECK:      tensor.empty(%[[SIZE]]) : tensor<?xf16>
// CHECK-NEXT: %[[ROUNDED:.*]] = linalg.generic {{.*}} ins(%[[SUM]] : tensor<?xf32>)
// CHECK:      func.return %[[ROUNDED]] : tensor<?xf16>
