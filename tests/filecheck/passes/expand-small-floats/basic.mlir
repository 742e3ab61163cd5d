// Small floats are stored as integers; widening bf16 is a shift, narrowing rounds to even.
// RUN: zellige-opt %s -p expand-small-floats | filecheck %s

func.func @main(%m: memref<8xbf16>) {
  %i = arith.constant 0 : index
  %c = arith.constant 1.0 : bf16
  memref.store %c, %m[%i] : memref<8xbf16>
  %0 = memref.load %m[%i] : memref<8xbf16>
  %1 = arith.extf %0 : bf16 to f32
  %2 = arith.truncf %1 : f32 to bf16
  memref.store %2, %m[%i] : memref<8xbf16>
  return
}

// CHECK:      func.func @main(%m: memref<8xi16>)
// CHECK:        %c = arith.constant 16256 : i16
// CHECK:        %[[V:.*]] = memref.load %m[%i] : memref<8xi16>
// CHECK-NEXT:   %[[W:.*]] = arith.extui %[[V]] : i16 to i32
// CHECK-NOT:    bf16
// CHECK:        arith.cmpi sgt
// CHECK:        arith.trunci {{.*}} : i32 to i16
// CHECK:        memref.store {{.*}} : memref<8xi16>
