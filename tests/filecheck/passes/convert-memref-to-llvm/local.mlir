// A local buffer is on the stack, an index in it has four bytes, and scalar arguments stay.
// RUN: zellige-opt %s -p 'convert-memref-to-llvm' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%x: index, %f: f32) {
    %a = memref.alloc() : memref<3x5xindex, #hal.memory<local>>
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    memref.store %x, %a[%c1, %c2] : memref<3x5xindex, #hal.memory<local>>
    func.return
  }
}

// CHECK:      llvm.func @k.tile(%x: i32, %f: f32, %0: i32, %1: i32, %2: i32) {
// CHECK-NEXT:   %3 = llvm.mlir.constant(1 : i32) : i32
// CHECK-NEXT:   %4 = llvm.alloca %3 x !llvm.array<15 x i32> {alignment = 16 : i64} : (i32) -> !llvm.ptr
// CHECK-NEXT:   %x_1 = arith.index_cast %x : i32 to index
// CHECK-NEXT:   %5 = arith.index_cast %0 : i32 to index
// CHECK-NEXT:   %6 = arith.index_cast %1 : i32 to index
// CHECK-NEXT:   %7 = arith.index_cast %2 : i32 to index
// CHECK:        %8 = llvm.getelementptr inbounds %4[7] : (!llvm.ptr) -> !llvm.ptr, i32
// CHECK-NEXT:   %9 = arith.index_cast %x_1 : index to i32
// CHECK-NEXT:   llvm.store %9, %8 {alignment = 4 : i64} : i32, !llvm.ptr
// CHECK-NEXT:   llvm.return
// CHECK-NEXT: }
