// Constants keep every bit: hexadecimal floats are bits, 0.0 and -0.0 are two values, i1 may be packed in bits.
// RUN: ROUNDTRIP

func.func @f() {
  %0 = arith.constant dense<[0x7FC00001, 0xFF800000, -0.0, 0.0, 1.5]> : tensor<5xf32>
  %1 = arith.constant dense<0xFF800000> : tensor<4xf32>
  %2 = arith.constant dense<[[true, false], [false, true]]> : tensor<2x2xi1>
  %3 = arith.constant dense<"0x0501"> : tensor<9xi1>
  %4 = arith.constant dense<"0x0102FF80"> : tensor<4xi8>
  %5 = arith.constant dense<[1, -1]> : tensor<2xindex>
  %6 = arith.constant dense_resource<weights> : tensor<2xf32>
  %7 = arith.constant 0x7F800000 : f32
  %8 = arith.constant dense<"0x0000803F"> : tensor<300xf32>
  return
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F00000040"
    }
  }
#-}

// CHECK:      %0 = arith.constant dense<[0x7FC00001, 0xFF800000, -0.000000e+00, 0.000000e+00, 1.500000e+00]> : tensor<5xf32>
// CHECK-NEXT: %1 = arith.constant dense<0xFF800000> : tensor<4xf32>
// CHECK-NEXT: %2 = arith.constant dense<{{\[\[}}true, false], [false, true]]> : tensor<2x2xi1>
// CHECK-NEXT: %3 = arith.constant dense<[true, false, true, false, false, false, false, false, true]> : tensor<9xi1>
// CHECK-NEXT: %4 = arith.constant dense<[1, 2, -1, -128]> : tensor<4xi8>
// CHECK-NEXT: %5 = arith.constant dense<[1, -1]> : tensor<2xindex>
// CHECK-NEXT: %6 = arith.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK-NEXT: %7 = arith.constant 0x7f800000 : f32
// CHECK-NEXT: %8 = arith.constant dense<1.000000e+00> : tensor<300xf32>
