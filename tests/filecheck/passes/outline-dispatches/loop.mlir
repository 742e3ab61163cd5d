// Kernels are formed in the blocks of loops, too; values of outer blocks are arguments.
// RUN: zellige-opt %s -p outline-dispatches | filecheck %s

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %one = arith.constant 1 : index
  %y = scf.for %i = %zero to %three step %one iter_args(%v = %x) -> (tensor<4xf32>) {
    %e = tensor.empty() : tensor<4xf32>
    %0 = linalg.generic {
      indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]
    } ins(%v, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %p = arith.addf %a, %b : f32
      linalg.yield %p : f32
    } -> tensor<4xf32>
    scf.yield %0 : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// CHECK:      %y = scf.for %i = %zero to %three step %one iter_args(%v = %x) -> (tensor<4xf32>) {
// CHECK-NEXT:   %0 = flow.dispatch @main_0_elementwise_4_f32(%v, %x)
// CHECK-NEXT:   scf.yield %0
