// A size that turns out to be a number goes into types, also of arguments, and casts are gone.
// RUN: zellige-opt %s -p resolve-dimensions | filecheck %s

func.func @main(%a: tensor<?x?xf32>) -> tensor<?xf32> {
  %b = tensor.cast %a : tensor<?x?xf32> to tensor<8x?xf32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %e = tensor.extract_slice %b[0, 0] [%n, 1] [1, 1] : tensor<8x?xf32> to tensor<?xf32>
  return %e : tensor<?xf32>
}

// CHECK:      func.func @main(%a: tensor<8x?xf32> {hal.sizes = array<i64: -1, 1>}, %a_1: index) -> tensor<8xf32> {
// CHECK-NEXT:   %0 = arith.constant 1 : index
// CHECK-NEXT:   %1 = arith.cmpi sge, %a_1, %0 : index
// CHECK-NEXT:   cf.assert %1, "'tensor.extract_slice' needs dimension 1 of argument 0 ('a') to be at least 1"
// CHECK-NEXT:   %e = tensor.extract_slice %a[0, 0] [8, 1] [1, 1] : tensor<8x?xf32> to tensor<8xf32>
