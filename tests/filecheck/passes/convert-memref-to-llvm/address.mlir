// The moving part of an address comes first, the constant part last; a truth value takes a byte.
// Buffers that are only read or only written say so.
// RUN: zellige-opt %s -p 'convert-memref-to-llvm' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8x8xf32, #hal.memory<device>> {llvm.noalias}, %out: memref<4xi1, #hal.memory<device>>) {
    %i = hal.workgroup_id 0
    %1 = memref.subview %a[%i, 0] [1, 8] [1, 1] : memref<8x8xf32, #hal.memory<device>> to memref<1x8xf32, strided<[8, 1], offset: ?>, #hal.memory<device>>
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %pad = arith.constant 0.0 : f32
    %2 = vector.transfer_read %1[%c0, %c4], %pad {in_bounds = [true], permutation_map = affine_map<(d0, d1) -> (d1)>} : memref<1x8xf32, strided<[8, 1], offset: ?>, #hal.memory<device>>, vector<4xf32>
    %3 = arith.cmpf olt, %2, %2 : vector<4xf32>
    vector.transfer_write %3, %out[%c0] {in_bounds = [true], permutation_map = affine_map<(d0) -> (d0)>} : vector<4xi1>, memref<4xi1, #hal.memory<device>>
    func.return
  }
}

// CHECK:      llvm.func @k.tile(%a: !llvm.ptr<2> {llvm.noalias, hal.buffer = memref<8x8xf32, #hal.memory<device>>, llvm.readonly}
// CHECK-SAME:                   %out: !llvm.ptr<2> {hal.buffer = memref<4xi1, #hal.memory<device>>, llvm.writeonly}, %0: i32, %1: i32, %2: i32) {
// CHECK-NEXT:   %i = arith.index_cast %0 : i32 to index
// CHECK:        %5 = arith.constant 8 : index
// CHECK-NEXT:   %6 = arith.muli %i, %5 : index
// CHECK-NEXT:   %7 = arith.index_cast %6 : index to i32
// CHECK-NEXT:   %8 = llvm.getelementptr inbounds %a[%7] : (!llvm.ptr<2>, i32) -> !llvm.ptr<2>, f32
// CHECK-NEXT:   %9 = llvm.getelementptr inbounds %8[4] : (!llvm.ptr<2>) -> !llvm.ptr<2>, f32
// CHECK-NEXT:   %10 = llvm.load %9 {alignment = 4 : i64} : !llvm.ptr<2> -> vector<4xf32>
// CHECK-NEXT:   %11 = arith.cmpf olt, %10, %10 : vector<4xf32>
// CHECK-NEXT:   %12 = llvm.zext %11 : vector<4xi1> to vector<4xi8>
// CHECK-NEXT:   llvm.store %12, %out {alignment = 1 : i64} : vector<4xi8>, !llvm.ptr<2>
