// A forall is a loop for each counter. What it reads of a shared tensor is what was there before, also behind insertions.
// RUN: zellige-opt %s -p legalize-scf | filecheck %s

func.func @main(%x: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %0 = scf.forall (%r, %c) = (0, 0) to (8, 6) step (2, 3) shared_outs(%out = %x) -> (tensor<8x6xf32>) {
    %own = tensor.extract_slice %out[%r, %c] [2, 3] [1, 1] : tensor<8x6xf32> to tensor<2x3xf32>
    %first = tensor.extract_slice %out[0, 0] [2, 3] [1, 1] : tensor<8x6xf32> to tensor<2x3xf32>
    %part = linalg.add ins(%own, %first : tensor<2x3xf32>, tensor<2x3xf32>) outs(%own : tensor<2x3xf32>) -> tensor<2x3xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %part into %out[%r, %c] [2, 3] [1, 1] : tensor<2x3xf32> into tensor<8x6xf32>
    }
  }
  return %0 : tensor<8x6xf32>
}

// CHECK:      [[ALL:%\d+]] = scf.for %r = %{{.*}} to %{{.*}} step %{{.*}} iter_args([[ROWS:%\d+]] = %x) -> (tensor<8x6xf32>) {
// CHECK-NEXT:   [[ROW:%\d+]] = scf.for %c = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%out = [[ROWS]]) -> (tensor<8x6xf32>) {
// CHECK-NEXT:     %own = tensor.extract_slice %out[%r, %c]
// CHECK-NEXT:     %first = tensor.extract_slice %x[0, 0]
// CHECK-NEXT:     %part = linalg.add
// CHECK-NEXT:     [[NEXT:%\d+]] = tensor.insert_slice %part into %out[%r, %c] [2, 3] [1, 1]
// CHECK-NEXT:     scf.yield [[NEXT]]
// CHECK-NEXT:   }
// CHECK-NEXT:   scf.yield [[ROW]]
// CHECK-NEXT: }
// CHECK-NEXT: return [[ALL]]
