// A table that a body reads at computed places is not a scalar: it stays outside, where it is stored once.
// RUN: zellige-opt %s -p inline-constant-operands | filecheck %s

func.func @lookup(%i: tensor<2xindex>) -> tensor<2xf32> {
  %table = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %e = tensor.empty() : tensor<2xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]} ins(%i : tensor<2xindex>) outs(%e : tensor<2xf32>) {
  ^bb0(%at: index, %out: f32):
    %x = tensor.extract %table[%at] : tensor<3xf32>
    linalg.yield %x : f32
  } -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}

// CHECK:      %table = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf32>
// CHECK:      ^bb0(%at: index, %out: f32):
// CHECK-NEXT:   %x = tensor.extract %table[%at] : tensor<3xf32>
