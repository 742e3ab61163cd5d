// Casts become extensions, truncations, or nothing; loops count in i32.
// RUN: zellige-opt %s -p 'convert-index-to-i32' | filecheck %s

%a, %x = "test.op"() : () -> (index, i64)
%c = arith.constant 8 : index
%0 = arith.addi %a, %c : index
%1 = arith.index_cast %0 : index to i64
%2 = arith.index_cast %x : i64 to index
%3 = arith.index_cast %0 : index to i32
"test.op"(%1, %2, %3) : (i64, index, i32) -> ()
scf.for %i = %a to %0 step %c {
  "test.op"(%i) : (index) -> ()
}

// CHECK:      %a, %x = "test.op"() : () -> (i32, i64)
// CHECK-NEXT: %c = arith.constant 8 : i32
// CHECK-NEXT: %0 = arith.addi %a, %c : i32
// CHECK-NEXT: %1 = arith.extsi %0 : i32 to i64
// CHECK-NEXT: %2 = arith.trunci %x : i64 to i32
// CHECK-NEXT: "test.op"(%1, %2, %0) : (i64, i32, i32) -> ()
// CHECK-NEXT: scf.for %i = %a to %0 step %c : i32 {
// CHECK-NEXT:   "test.op"(%i) : (i32) -> ()
// CHECK-NEXT: }
