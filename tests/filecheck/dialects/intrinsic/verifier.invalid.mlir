// Versions, marks, bodies and types that make no sense are refused with what was expected.
// RUN: DIAG

// expected-error@below {{versions count from 1 and grow, got [2, 1]}}
intrinsic.group @g versions [2, 1]

// -----

// expected-error@below {{expected at least one version, got none}}
intrinsic.group @g versions []

// -----

// expected-error@below {{versions count from 1, got 0}}
"test.op"() {a = #intrinsic.builtin<group @g version 0>} : () -> ()

// -----

// expected-error@below {{expected 1 sizes of at least 1, got [2, 8]}}
%v = "test.op"() : () -> !intrinsic.vector<2x8xf32>

// -----

// expected-error@below {{expected elements of 8, 16, 32 or 64 bits, got index}}
%v = "test.op"() : () -> !intrinsic.vector<8xindex>

// -----

// expected-error@below {{a row is whole 128-bit vectors, got 6 x f32}}
%v = "test.op"() : () -> !intrinsic.tile<2x6xf32>

// -----

// expected-error@below {{expected the attribute 'intrinsic.builtin' with group and version}}
intrinsic.func @f() {
  intrinsic.return
}

// -----

// expected-error@below {{expected a body, the portable form}}
intrinsic.func @f() attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>}

// -----

intrinsic.func @f(%a: f32) -> i32 attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  // expected-error@below {{the function returns (i32), got (f32)}}
  intrinsic.return %a : f32
}

// -----

// expected-error@below {{expected a region for at least one version besides the default}}
intrinsic.choice @g {
  intrinsic.yield
}

// -----

%a = "test.op"() : () -> f32
// expected-error@below {{the op gives (f32), got ()}}
%r = intrinsic.choice @g -> (f32) {
  intrinsic.yield %a : f32
} version 1 {
  intrinsic.yield
}

// -----

%a = "test.op"() : () -> vector<4xf32>
// expected-error@below {{the pieces of !intrinsic.vector<8xf32> are (vector<4xf32>, vector<4xf32>), got (vector<4xf32>)}}
%v = intrinsic.join %a : vector<4xf32> to !intrinsic.vector<8xf32>
