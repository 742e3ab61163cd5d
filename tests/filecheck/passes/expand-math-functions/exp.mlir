// The exponent of the result is made by one shift, and scales the polynomial twice.
// RUN: zellige-opt %s -p expand-math-functions | filecheck %s

func.func @main(%x: vector<4xf32>) -> vector<4xf32> {
  %y = math.exp %x : vector<4xf32>
  func.return %y : vector<4xf32>
}

// CHECK:      arith.constant dense<0x4B40007F> : vector<4xf32>
// CHECK-NEXT: %[[SHIFTED:.*]] = arith.addf
// CHECK-NEXT: %[[BITS:.*]] = arith.bitcast %[[SHIFTED]] : vector<4xf32> to vector<4xi32>
// CHECK-NEXT: arith.constant dense<23> : vector<4xi32>
// CHECK-NEXT: %[[EXPONENT:.*]] = arith.shli %[[BITS]]
// CHECK-NEXT: %[[POWER:.*]] = arith.bitcast %[[EXPONENT]] : vector<4xi32> to vector<4xf32>
// CHECK:      %[[ONCE:.*]] = arith.mulf %{{.*}}, %[[POWER]] : vector<4xf32>
// CHECK-NEXT: %y = arith.mulf %[[ONCE]], %[[POWER]] : vector<4xf32>
// CHECK-NEXT: func.return %y
