// Sizes that are one polynomial are one value, at the start of the function; what is computed for nothing is gone.
// RUN: zellige-opt %s -p resolve-dimensions | filecheck %s

func.func @main(%a: tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %m = tensor.dim %a, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %wide = arith.index_cast %n : index to i64
  %one = arith.constant 1 : i64
  %0 = arith.addi %wide, %one : i64
  %1 = arith.index_cast %0 : i64 to index
  %2 = arith.muli %1, %m : index
  %3 = arith.subi %2, %m : index
  %first = tensor.empty(%3) : tensor<?xf32>
  %4 = arith.muli %m, %n : index
  %second = tensor.empty(%4) : tensor<?xf32>
  return %first, %second : tensor<?xf32>, tensor<?xf32>
}

// CHECK:      func.func @main
// CHECK-NEXT:   %0 = arith.muli %a_1, %a_2 : index
// CHECK-NEXT:   %e = tensor.empty(%a_1) : tensor<?xf32>
// CHECK-NEXT:   %first = tensor.empty(%0) : tensor<?xf32>
// CHECK-NEXT:   %second = tensor.empty(%0) : tensor<?xf32>
// CHECK-NEXT:   func.return
