// A constant becomes bytes of several numbers, the first in the lowest bits: neighbours, or halves of a row that fills
// bytes. One number for all stays what it is.
// RUN: zellige-opt %s -p pack-small-integers | filecheck %s

func.func @main() -> (tensor<3xi32>, tensor<2x4xi4>) {
  %r = arith.constant dense<[[1, 2, 3, 4], [5, 6, 7, 0]]> : tensor<2x4xi4>
  %a = arith.constant dense<[1, -1, 7]> : tensor<3xi4>
  %b = arith.constant dense<2> : tensor<3xi4>
  %e = tensor.empty() : tensor<3xi32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                       iterator_types = ["parallel"]}
      ins(%a, %b : tensor<3xi4>, tensor<3xi4>) outs(%e : tensor<3xi32>) {
  ^bb0(%x: i4, %y: i4, %o: i32):
    %z = arith.addi %x, %y : i4
    %w = arith.extsi %z : i4 to i32
    linalg.yield %w : i32
  } -> tensor<3xi32>
  return %0, %r : tensor<3xi32>, tensor<2x4xi4>
}

// CHECK:      %r = arith.constant dense<{{\[\[}}49, 66], [117, 6]]> : tensor<2x2xi8>
// CHECK:      outs(%{{.*}} : tensor<2x2x2xi4>)
// CHECK:      %a = arith.constant dense<[-15, 7]> : tensor<2xi8>
// CHECK:      tensor.extract_slice %{{.*}}[0] [3] [1] : tensor<4xi4> to tensor<3xi4>
// CHECK-NEXT: %b = arith.constant dense<2> : tensor<3xi4>
