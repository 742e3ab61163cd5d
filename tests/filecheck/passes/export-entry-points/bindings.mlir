// Slot i of the state is binding i: an address in device memory or in the constants, or a scalar.
// RUN: zellige-opt %s -p export-entry-points | filecheck %s

flow.executable @k workgroups [4, 1, 1] {
  llvm.func @k.tile(%a: !llvm.ptr<2>, %b: !llvm.ptr<3>, %s: f32, %c: i1, %x: i32, %y: i32, %z: i32) {
    llvm.return
  }
}

// CHECK:      llvm.func @k(%state: i32, %wx: i32, %wy: i32, %wz: i32) {
// CHECK-NEXT:   %0 = llvm.inttoptr %state : i32 to !llvm.ptr<2>
// CHECK-NEXT:   %1 = llvm.load %0 {alignment = 4 : i64} : !llvm.ptr<2> -> i32
// CHECK-NEXT:   %2 = llvm.inttoptr %1 : i32 to !llvm.ptr<2>
// CHECK-NEXT:   %3 = llvm.getelementptr inbounds %0[8]
// CHECK-NEXT:   %4 = llvm.load %3 {alignment = 4 : i64} : !llvm.ptr<2> -> i32
// CHECK-NEXT:   %5 = llvm.inttoptr %4 : i32 to !llvm.ptr<3>
// CHECK-NEXT:   %6 = llvm.getelementptr inbounds %0[16]
// CHECK-NEXT:   %7 = llvm.load %6 {alignment = 4 : i64} : !llvm.ptr<2> -> f32
// CHECK-NEXT:   %8 = llvm.getelementptr inbounds %0[24]
// CHECK-NEXT:   %9 = llvm.load %8 {alignment = 1 : i64} : !llvm.ptr<2> -> i8
// CHECK-NEXT:   %10 = llvm.trunc %9 : i8 to i1
// CHECK-NEXT:   llvm.call @k.tile(%2, %5, %7, %10, %wx, %wy, %wz)
// CHECK-NEXT:   llvm.return
