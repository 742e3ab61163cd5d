// No size is negative: what torch-mlir chooses where one is, as it does for each -1 of a view, is never taken.
// RUN: zellige-opt %s -p resolve-dimensions | filecheck %s

func.func @view(%a: tensor<?x?x8xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i64
  %eight = arith.constant 8 : i64
  %n = tensor.dim %a, %c0 : tensor<?x?x8xf32>
  %m = tensor.dim %a, %c1 : tensor<?x?x8xf32>
  %rows = arith.index_cast %n : index to i64
  %columns = arith.index_cast %m : index to i64
  %wide = arith.muli %columns, %eight : i64
  %is_negative = arith.cmpi slt, %rows, %zero : i64
  %inferred = arith.divsi %wide, %rows : i64
  %chosen = arith.select %is_negative, %inferred, %rows : i64
  %is_size = arith.cmpi sge, %wide, %zero : i64
  %kept = arith.select %is_size, %wide, %chosen : i64
  %rows_of_view = arith.index_cast %chosen : i64 to index
  %columns_of_view = arith.index_cast %kept : i64 to index
  %flat = tensor.collapse_shape %a [[0, 1, 2]] : tensor<?x?x8xf32> into tensor<?xf32>
  %view = tensor.expand_shape %flat [[0, 1]] output_shape [%rows_of_view, %columns_of_view] : tensor<?xf32> into tensor<?x?xf32>
  func.return %view : tensor<?x?xf32>
}

// CHECK:      func.func @view
// CHECK-NEXT:   %0 = arith.constant 8 : index
// CHECK-NEXT:   %1 = arith.muli %a_2, %0 : index
// CHECK-NEXT:   %view = flow.reshape %a(%a_1, %1) : tensor<?x?x8xf32> -> tensor<?x?xf32>
// CHECK-NEXT:   func.return %view
