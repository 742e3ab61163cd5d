// Comparisons, selects and casts have a form for vectors, with upstream's syntax.
// RUN: ROUNDTRIP

func.func @main(%a: vector<4xf32>, %b: vector<4xf32>, %n: vector<4xi32>, %c: i1, %s: f32) {
  %0 = arith.cmpf olt, %a, %b : vector<4xf32>
  %1 = arith.select %0, %a, %b : vector<4xi1>, vector<4xf32>
  %2 = arith.select %c, %a, %b : vector<4xf32>
  %3 = arith.select %c, %s, %s : f32
  %4 = arith.cmpi slt, %n, %n : vector<4xi32>
  %5 = arith.sitofp %n : vector<4xi32> to vector<4xf32>
  %6 = arith.fptosi %a : vector<4xf32> to vector<4xi32>
  %7 = arith.trunci %n : vector<4xi32> to vector<4xi8>
  %8 = arith.extui %7 : vector<4xi8> to vector<4xi32>
  func.return
}

// CHECK:      %0 = arith.cmpf olt, %a, %b : vector<4xf32>
// CHECK-NEXT: %1 = arith.select %0, %a, %b : vector<4xi1>, vector<4xf32>
// CHECK-NEXT: %2 = arith.select %c, %a, %b : vector<4xf32>
// CHECK-NEXT: %3 = arith.select %c, %s, %s : f32
// CHECK-NEXT: %4 = arith.cmpi slt, %n, %n : vector<4xi32>
// CHECK-NEXT: %5 = arith.sitofp %n : vector<4xi32> to vector<4xf32>
// CHECK-NEXT: %6 = arith.fptosi %a : vector<4xf32> to vector<4xi32>
// CHECK-NEXT: %7 = arith.trunci %n : vector<4xi32> to vector<4xi8>
// CHECK-NEXT: %8 = arith.extui %7 : vector<4xi8> to vector<4xi32>
