// A lower system is a loop over rows from the first one, an upper one from the last; only one half of it counts.
// RUN: zellige-opt %s -p decompose-stablehlo-linear-algebra | filecheck %s

func.func @lower(%a: tensor<8x8xf32>, %b: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %0 = "stablehlo.triangular_solve"(%a, %b) <{left_side = true, lower = true, unit_diagonal = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>}> : (tensor<8x8xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  return %0 : tensor<8x2xf32>
}

func.func @upper(%a: tensor<8x8xf32>, %b: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %0 = "stablehlo.triangular_solve"(%a, %b) <{left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>}> : (tensor<8x8xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  return %0 : tensor<8x2xf32>
}

// CHECK:      func.func @lower
// CHECK:      %[[HALF:.*]] = stablehlo.compare GT
// CHECK:      %[[A:.*]] = stablehlo.select %[[HALF]], %a, %{{.*}} :
// CHECK:      scf.for %[[I:.*]] = %{{.*}} iter_args(%[[X:.*]] = %{{.*}})
// CHECK-NEXT:   %[[ROW:.*]] = tensor.extract_slice %[[A]][%[[I]], 0] [1, 8] [1, 1]
// CHECK-NEXT:   %[[KNOWN:.*]] = stablehlo.dot_general %[[ROW]], %[[X]], contracting_dims = [1] x [0]
// CHECK-NEXT:   %[[B:.*]] = tensor.extract_slice %b[%[[I]], 0] [1, 2] [1, 1]
// CHECK-NEXT:   %[[REST:.*]] = stablehlo.subtract %[[B]], %[[KNOWN]]
// CHECK-NEXT:   tensor.insert_slice %[[REST]] into %[[X]][%[[I]], 0] [1, 2] [1, 1]
// CHECK:      func.func @upper
// CHECK:      scf.for %[[STEP:.*]] = %{{.*}} iter_args
// CHECK:        arith.subi %{{.*}}, %[[STEP]] : index
// CHECK:        stablehlo.divide
