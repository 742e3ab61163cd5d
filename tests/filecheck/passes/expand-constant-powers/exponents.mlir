// Small whole exponents become products; a negative one divides; others stay calls of the power function.
// RUN: zellige-opt %s -p expand-constant-powers | filecheck %s

%x = "test.op"() : () -> f32
%n = "test.op"() : () -> i64
%c3 = arith.constant 3 : i64
%m2 = arith.constant -2 : i32
%two = arith.constant 2.0 : f32
%half = arith.constant 0.5 : f32
%cube = math.fpowi %x, %c3 : f32, i64
%inverse = math.fpowi %x, %m2 : f32, i32
%square = math.powf %x, %two : f32
%root = math.powf %x, %half : f32
%any = math.fpowi %x, %n : f32, i64
"test.op"(%cube, %inverse, %square, %root, %any) : (f32, f32, f32, f32, f32) -> ()

// CHECK:      [[S:%.*]] = arith.mulf %x, %x : f32
// CHECK-NEXT: %cube = arith.mulf %x, [[S]] : f32
// CHECK-NEXT: [[T:%.*]] = arith.mulf %x, %x : f32
// CHECK-NEXT: [[ONE:%.*]] = arith.constant 1.000000e+00 : f32
// CHECK-NEXT: %inverse = arith.divf [[ONE]], [[T]] : f32
// CHECK-NEXT: %square = arith.mulf %x, %x : f32
// CHECK-NEXT: %root = math.powf %x, %half : f32
// CHECK-NEXT: %any = math.fpowi %x, %n : f32, i64
