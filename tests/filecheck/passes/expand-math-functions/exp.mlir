// The power of two is made in the exponent field, as two factors that are normal numbers.
// RUN: zellige-opt %s -p expand-math-functions | filecheck %s

func.func @main(%x: vector<4xf32>) -> vector<4xf32> {
  %y = math.exp %x : vector<4xf32>
  func.return %y : vector<4xf32>
}

// CHECK:      arith.constant dense<0x4B4000FE> : vector<4xf32>
// CHECK-NEXT: %[[SHIFTED:.*]] = arith.addf
// CHECK:      %[[BITS:.*]] = arith.bitcast %[[SHIFTED]] : vector<4xf32> to vector<4xi32>
// CHECK:      %[[HALF:.*]] = arith.andi
// CHECK:      %[[WHOLE:.*]] = arith.shli %[[BITS]]
// CHECK-NEXT: %[[REST:.*]] = arith.subi %[[WHOLE]], %[[HALF]]
// CHECK-NEXT: %[[LOWER:.*]] = arith.bitcast %[[HALF]] : vector<4xi32> to vector<4xf32>
// CHECK-NEXT: %[[UPPER:.*]] = arith.bitcast %[[REST]] : vector<4xi32> to vector<4xf32>
// CHECK:      %[[ONCE:.*]] = arith.mulf %{{.*}}, %[[LOWER]] : vector<4xf32>
// CHECK-NEXT: %y = arith.mulf %[[ONCE]], %[[UPPER]] : vector<4xf32>
// CHECK-NEXT: func.return %y
