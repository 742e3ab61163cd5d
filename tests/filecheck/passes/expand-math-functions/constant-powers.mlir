// A constant integer exponent becomes multiplications; a negative one becomes a quotient in f64.
// RUN: zellige-opt %s -p expand-math-functions --split-input-file | filecheck %s

func.func @square(%x: vector<4xf32>) -> vector<4xf32> {
  %two = arith.constant dense<2> : vector<4xi32>
  %y = math.fpowi %x, %two : vector<4xf32>, vector<4xi32>
  func.return %y : vector<4xf32>
}

// CHECK:      @square
// CHECK-NEXT:   arith.constant
// CHECK-NEXT:   %y = arith.mulf %x, %x : vector<4xf32>
// CHECK-NEXT:   func.return %y

// -----

func.func @inverse_square(%x: f32) -> f32 {
  %exponent = arith.constant -2 : i32
  %y = math.fpowi %x, %exponent : f32, i32
  func.return %y : f32
}

// CHECK:      @inverse_square
// CHECK:        %[[WIDE:.*]] = arith.extf %x : f32 to f64
// CHECK:        %[[SQUARE:.*]] = arith.mulf %[[WIDE]], %[[WIDE]] : f64
// CHECK:        %[[QUOTIENT:.*]] = arith.divf %{{.*}}, %[[SQUARE]] : f64
// CHECK-NEXT:   %y = arith.truncf %[[QUOTIENT]] : f64 to f32

// -----

func.func @cube(%n: i32) -> i32 {
  %three = arith.constant 3 : i32
  %y = math.ipowi %n, %three : i32
  func.return %y : i32
}

// CHECK:      @cube
// CHECK:        %[[SQUARE:.*]] = arith.muli %n, %n : i32
// CHECK-NEXT:   %y = arith.muli %[[SQUARE]], %n : i32
