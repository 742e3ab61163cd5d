// Rows of a block are solved one by one, after one product with all rows before the block.
// RUN: zellige-opt %s -p decompose-stablehlo-linear-algebra | filecheck %s

func.func @main(%a: tensor<100x100xf32>, %b: tensor<100x2xf32>) -> tensor<100x2xf32> {
  %0 = "stablehlo.triangular_solve"(%a, %b) <{left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>}> : (tensor<100x100xf32>, tensor<100x2xf32>) -> tensor<100x2xf32>
  return %0 : tensor<100x2xf32>
}

// CHECK:     %[[FIRST:.*]] = scf.for
// CHECK:     stablehlo.dot_general %{{.*}}, %[[FIRST]], contracting_dims = [1] x [0] : (tensor<36x64xf32>, tensor<64x2xf32>) -> tensor<36x2xf32>
// CHECK:     scf.for
// CHECK-NOT: scf.for
