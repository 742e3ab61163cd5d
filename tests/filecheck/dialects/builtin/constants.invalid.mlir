// A constant that does not fit its type is refused where it stands, with what it has and what the type needs.
// RUN: DIAG

// expected-error@below {{the constant has 5 bytes, its type tensor<4xf32> needs 16}}
%0 = arith.constant dense<"0x0000803F00"> : tensor<4xf32>

// -----

// expected-error@below {{the constant has shape 2, its type is tensor<4xf32>}}
%0 = arith.constant dense<[1.0, 2.0]> : tensor<4xf32>

// -----

// expected-error@below {{256 does not fit i8, whose values are -128 to 255}}
%0 = arith.constant dense<256> : tensor<4xi8>

// -----

// expected-error@below {{expected a number with a point for f32, got '1'}}
%0 = arith.constant dense<1> : tensor<4xf32>

// -----

// expected-error@below {{expected pairs of hexadecimal digits, got an odd number of digits}}
%0 = arith.constant dense<"0x0000803"> : tensor<1xf32>

// -----

// expected-error@below {{a constant of 4398046511104 bytes is too large, at most 4294967296 are possible}}
%0 = arith.constant dense<0.0> : tensor<1099511627776xf32>

// -----

// expected-error@below {{resource 'weights' is not defined}}
%0 = arith.constant dense_resource<weights> : tensor<2xf32>

// -----

// expected-error@below {{resource 'weights': the constant has 4 bytes, its type tensor<2xf32> needs 8}}
%0 = arith.constant dense_resource<weights> : tensor<2xf32>

{-# dialect_resources: { builtin: { weights: "0x040000000000803F" } } #-}
