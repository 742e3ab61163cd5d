// A square root is an instruction and stays, its reciprocal is a division of a splat.
// RUN: zellige-opt %s -p expand-math-functions | filecheck %s

func.func @main(%x: vector<4xf32>) -> vector<4xf32> {
  %y = math.rsqrt %x : vector<4xf32>
  func.return %y : vector<4xf32>
}

// CHECK:      func.func
// CHECK-NEXT:   %[[ROOT:.*]] = math.sqrt %x : vector<4xf32>
// CHECK-NEXT:   %[[ONE:.*]] = arith.constant dense<1.000000e+00> : vector<4xf32>
// CHECK-NEXT:   %y = arith.divf %[[ONE]], %[[ROOT]] : vector<4xf32>
// CHECK-NEXT:   func.return %y
