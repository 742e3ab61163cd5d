// Groups, versions, functions and types that do not fit what is declared are refused where they are used.
// RUN: DIAG -p convert-intrinsic-to-llvm

func.func @caller() {
  // expected-error@below {{group '@g' is not declared}}
  %any = intrinsic.is_available @g
  func.return
}

// -----

intrinsic.group @g versions [1, 2]
func.func @caller() {
  // expected-error@below {{expected a version of group '@g', got 3}}
  %third = intrinsic.is_available @g version 3
  func.return
}

// -----

intrinsic.group @g versions [2]
// expected-error@below {{expected a version of group '@g', got 1}}
intrinsic.func @f() attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  intrinsic.return
}

// -----

func.func @caller() {
  // expected-error@below {{there is no built-in function '@f'}}
  intrinsic.call @f() : () -> ()
  func.return
}

// -----

intrinsic.group @g versions [1]
intrinsic.func @f(%a: f32) attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  intrinsic.return
}
func.func @caller(%n: i32) {
  // expected-error@below {{the call has types (i32)}}
  intrinsic.call @f(%n) : (i32) -> ()
  func.return
}

// -----

intrinsic.group @g versions [1]
// expected-error@below {{a built-in function cannot take or return tensor<4xf32>}}
intrinsic.func @f(%a: tensor<4xf32>) attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  intrinsic.return
}

// -----

func.func @wide(%a: vector<4xf32>, %c: i1) {
  %v = intrinsic.join %a, %a : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
  // expected-error@below {{a value of type !intrinsic.vector<8xf32> may not go through 'arith.select'}}
  %w = arith.select %c, %v, %v : !intrinsic.vector<8xf32>
  func.return
}
