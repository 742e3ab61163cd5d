// An assertion without a number cannot be told from others at run time.
// RUN: zellige-opt %s -p convert-assert-to-llvm --verify-diagnostics

func.func @f(%c: i1) {
  // expected-error@below {{assertion without a number, expected the attribute 'hal.message'}}
  cf.assert %c, "too large"
  func.return
}
