// A cast between two small floats goes by way of f32, to the wider one too.
// RUN: zellige-opt %s -p widen-small-floats | filecheck %s

func.func @main(%x: f8E5M2) -> f16 {
  %0 = arith.extf %x : f8E5M2 to f16
  return %0 : f16
}

// CHECK:      %[[WIDE:[^ ]*]] = arith.extf %x : f8E5M2 to f32
// CHECK-NEXT: %[[SMALL:[^ ]*]] = arith.truncf %[[WIDE]] : f32 to f16
// CHECK-NEXT: func.return %[[SMALL]] : f16
