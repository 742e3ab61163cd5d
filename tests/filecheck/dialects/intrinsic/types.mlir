// Vectors and tiles as wide as some machine has registers, and the pieces that stand for them.
// RUN: ROUNDTRIP

%a = "test.op"() : () -> !intrinsic.vector<8xf16>
%b = "test.op"() : () -> !intrinsic.tile<2x8xf32>
%bits = intrinsic.split %a : !intrinsic.vector<8xf16> to vector<8xi16>
%p, %q, %r, %s = intrinsic.split %b : !intrinsic.tile<2x8xf32> to vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>

// CHECK:      %a = "test.op"() : () -> !intrinsic.vector<8xf16>
// CHECK-NEXT: %b = "test.op"() : () -> !intrinsic.tile<2x8xf32>
// CHECK-NEXT: %bits = intrinsic.split %a : !intrinsic.vector<8xf16> to vector<8xi16>
// CHECK-NEXT: intrinsic.split %b : !intrinsic.tile<2x8xf32> to vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
