// forall reads as upstream prints it: bounds that are numbers or values, shared tensors, a mapping to workers.
// RUN: ROUNDTRIP

func.func @main(%n: index, %x: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %0 = scf.forall (%i) in (4) shared_outs(%out = %x) -> (tensor<8x6xf32>) {
    %part = tensor.extract_slice %out[%i, 0] [2, 6] [1, 1] : tensor<8x6xf32> to tensor<2x6xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %part into %out[%i, 0] [2, 6] [1, 1] : tensor<2x6xf32> into tensor<8x6xf32>
    }
  } {mapping = [#gpu.thread<x>]}
  scf.forall (%i, %j) = (0, %n) to (%n, 6) step (2, 3) {
  }
  return %0 : tensor<8x6xf32>
}

// CHECK:      %0 = scf.forall (%i) in (4) shared_outs(%out = %x) -> (tensor<8x6xf32>) {
// CHECK-NEXT:   %part = tensor.extract_slice %out[%i, 0] [2, 6] [1, 1]
// CHECK-NEXT:   scf.forall.in_parallel {
// CHECK-NEXT:     tensor.parallel_insert_slice %part into %out[%i, 0] [2, 6] [1, 1] : tensor<2x6xf32> into tensor<8x6xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: } {mapping = [#gpu.thread<x>]}
// CHECK-NEXT: scf.forall (%i_1, %j) = (0, %n) to (%n, 6) step (2, 3) {
// CHECK-NEXT:   scf.forall.in_parallel {
