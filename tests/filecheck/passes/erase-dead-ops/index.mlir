// A generic that computes with its loop's number goes as others do.
// RUN: zellige-opt %s -p erase-dead-ops | filecheck %s

func.func @main(%n: index) {
  %e = tensor.empty() : tensor<2xindex>
  %shape = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%e : tensor<2xindex>) {
  ^bb0(%o: index):
    %i = linalg.index 0 : index
    %s = arith.muli %i, %n : index
    linalg.yield %s : index
  } -> tensor<2xindex>
  func.return
}

// CHECK:      func.func @main(%n: index) {
// CHECK-NEXT:   func.return
