// Branches keep their arguments.
// RUN: zellige-opt %s -p 'convert-cf-to-llvm' | filecheck %s

func.func @f(%c: i1, %x: i32) {
  cf.cond_br %c, ^bb1(%x : i32), ^bb2
^bb1(%y: i32):
  cf.br ^bb2
^bb2:
  func.return
}

// CHECK:        llvm.cond_br %c, ^bb1(%x : i32), ^bb2
// CHECK-NEXT: ^bb1(%y: i32):
// CHECK-NEXT:   llvm.br ^bb2
// CHECK-NEXT: ^bb2:
