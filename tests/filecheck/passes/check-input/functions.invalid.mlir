// A program is functions with one block each, at least one of them public.
// RUN: zellige-opt %s -p check-input --verify-diagnostics

// expected-error@below {{the module has no public function}}
module {
  func.func private @f() {
    return
  }
}

// -----

// expected-error@below {{function '@f' has no body}}
func.func private @f()
func.func @g() {
  return
}

// -----

// expected-error@below {{function '@f' has 2 blocks, expected 1}}
func.func @f() {
  cf.br ^bb1
^bb1:
  return
}

// -----

// expected-error@below {{expected functions in the module, got 'arith.constant'}}
%0 = arith.constant 1 : i32
func.func @f() {
  return
}
