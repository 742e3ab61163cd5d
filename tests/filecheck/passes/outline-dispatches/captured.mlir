// Tensors and scalars that a body captures become arguments of the kernel; an assertion stays in the body.
// RUN: zellige-opt %s -p outline-dispatches | filecheck %s

func.func @main(%table: tensor<9xf32>, %where: tensor<4xindex>, %s: tensor<f32>) -> tensor<4xf32> {
  %factor = tensor.extract %s[] : tensor<f32>
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
    ins(%where : tensor<4xindex>) outs(%e : tensor<4xf32>) {
  ^bb0(%i: index, %o: f32):
    %nine = arith.constant 9 : index
    %inside = arith.cmpi ult, %i, %nine : index
    cf.assert %inside, "index out of range"
    %v = tensor.extract %table[%i] : tensor<9xf32>
    %r = arith.mulf %v, %factor : f32
    linalg.yield %r : f32
  } -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}

// CHECK:      func.func @main_0_elementwise_4_f32(%where: tensor<4xindex>, %table: tensor<9xf32>, %factor: f32)
// CHECK:        cf.assert
// CHECK-NEXT:   tensor.extract %table
// CHECK:      flow.dispatch @main_0_elementwise_4_f32(%where, %table, %factor)
