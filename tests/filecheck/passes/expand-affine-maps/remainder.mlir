// A remainder is what is left of a division that rounds down; min and max compare all results.
// RUN: zellige-opt %s -p expand-affine-maps | filecheck %s

func.func @main(%n: index, %m: index) -> (index, index) {
  %0 = affine.apply affine_map<(d0)[s0] -> (d0 * 3 + s0 mod 5)>(%n)[%m]
  %1 = affine.min affine_map<(d0) -> (d0, d0 ceildiv 4)>(%n)
  %2 = affine.max affine_map<()[s0] -> (s0, 17)>()[%1]
  return %0, %2 : index, index
}

// CHECK:      [[C3:%\d+]] = arith.constant 3 : index
// CHECK-NEXT: [[A:%\d+]] = arith.muli %n, [[C3]] : index
// CHECK-NEXT: [[C5:%\d+]] = arith.constant 5 : index
// CHECK-NEXT: [[Q:%\d+]] = arith.floordivsi %m, [[C5]] : index
// CHECK-NEXT: [[C5A:%\d+]] = arith.constant 5 : index
// CHECK-NEXT: [[P:%\d+]] = arith.muli [[Q]], [[C5A]] : index
// CHECK-NEXT: [[R:%\d+]] = arith.subi %m, [[P]] : index
// CHECK-NEXT: [[SUM:%\d+]] = arith.addi [[A]], [[R]] : index
// CHECK-NEXT: [[C4:%\d+]] = arith.constant 4 : index
// CHECK-NEXT: [[D:%\d+]] = arith.ceildivsi %n, [[C4]] : index
// CHECK-NEXT: [[MIN:%\d+]] = arith.minsi %n, [[D]] : index
// CHECK-NEXT: [[C17:%\d+]] = arith.constant 17 : index
// CHECK-NEXT: [[MAX:%\d+]] = arith.maxsi [[MIN]], [[C17]] : index
// CHECK-NEXT: func.return [[SUM]], [[MAX]] : index, index
