// Buffers of a built-in function are pointers, and its callers pass the start of theirs.
// RUN: zellige-opt %s -p 'convert-memref-to-llvm' | filecheck %s

intrinsic.func @first(%x: memref<4xf32, strided<[8], offset: ?>, #hal.memory<device>>, %i: index) -> f32 attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  %y = memref.load %x[%i] : memref<4xf32, strided<[8], offset: ?>, #hal.memory<device>>
  intrinsic.return %y : f32
}

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<4x8xf32, #hal.memory<device>>) {
    %c2 = arith.constant 2 : index
    %column = memref.subview %a[0, 3] [4, 1] [1, 1] : memref<4x8xf32, #hal.memory<device>> to memref<4xf32, strided<[8], offset: 3>, #hal.memory<device>>
    %y = intrinsic.call @first(%column, %c2) : (memref<4xf32, strided<[8], offset: 3>, #hal.memory<device>>, index) -> f32
    func.return
  }
}

// CHECK:      intrinsic.func @first(%x: !llvm.ptr<2>, %i: index) -> f32 attributes
// CHECK:        llvm.getelementptr inbounds %x[
// CHECK:      flow.executable @k workgroups [1, 1, 1] {
// CHECK-NEXT:   llvm.func @k.tile(%a: !llvm.ptr<2> {hal.buffer = memref<4x8xf32, #hal.memory<device>>}, {{.*}}) {
// CHECK:          %[[START:.*]] = llvm.getelementptr inbounds %a[3] : (!llvm.ptr<2>) -> !llvm.ptr<2>, f32
// CHECK-NEXT:     intrinsic.call @first(%[[START]], %c2) : (!llvm.ptr<2>, index) -> f32
