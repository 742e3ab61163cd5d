// A counter of the producer's loops becomes the expression of the consumer's loops that stands for it.
// RUN: zellige-opt %s -p fuse-elementwise | filecheck %s

func.func @main(%init: tensor<3xindex>) -> tensor<3xindex> {
  %e = tensor.empty() : tensor<8xindex>
  %p = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%e : tensor<8xindex>) {
  ^bb0(%o: index):
    %i = linalg.index 0 : index
    linalg.yield %i : index
  } -> tensor<8xindex>
  %w = tensor.empty() : tensor<2xindex>
  %r = linalg.generic {indexing_maps = [affine_map<(x, k) -> (x * 2 + k)>, affine_map<(x, k) -> (k)>, affine_map<(x, k) -> (x)>], iterator_types = ["parallel", "parallel"]} ins(%p, %w : tensor<8xindex>, tensor<2xindex>) outs(%init : tensor<3xindex>) {
  ^bb0(%x: index, %u: index, %o: index):
    linalg.yield %x : index
  } -> tensor<3xindex>
  return %r : tensor<3xindex>
}

// CHECK:        %[[X:.*]] = linalg.index 0 : index
// CHECK-NEXT:   %[[K:.*]] = linalg.index 1 : index
// CHECK-NEXT:   %[[TWO:.*]] = arith.constant 2 : index
// CHECK-NEXT:   %[[X2:.*]] = arith.muli %[[X]], %[[TWO]] : index
// CHECK-NEXT:   %[[I:.*]] = arith.addi %[[X2]], %[[K]] : index
// CHECK-NEXT:   linalg.yield %[[I]] : index
