// Functions that are instructions are left alone.
// RUN: zellige-opt %s -p expand-math-functions | filecheck %s

func.func @main(%x: f32, %n: i32) {
  %0 = math.sqrt %x : f32
  %1 = math.absf %x : f32
  %2 = math.floor %x : f32
  %3 = math.ceil %x : f32
  %4 = math.trunc %x : f32
  %5 = math.roundeven %x : f32
  %6 = math.copysign %x, %0 : f32
  %7 = math.ctpop %n : i32
  %8 = math.ctlz %n : i32
  %9 = math.cttz %n : i32
  func.return
}

// CHECK:      func.func
// CHECK-NEXT:   math.sqrt
// CHECK-NEXT:   math.absf
// CHECK-NEXT:   math.floor
// CHECK-NEXT:   math.ceil
// CHECK-NEXT:   math.trunc
// CHECK-NEXT:   math.roundeven
// CHECK-NEXT:   math.copysign
// CHECK-NEXT:   math.ctpop
// CHECK-NEXT:   math.ctlz
// CHECK-NEXT:   math.cttz
// CHECK-NEXT:   func.return
