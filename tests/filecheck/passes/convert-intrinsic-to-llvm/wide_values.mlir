// Wide values are their pieces; results that are several pieces go through memory that the caller lends.
// RUN: zellige-opt %s -p 'convert-intrinsic-to-llvm' | filecheck %s

intrinsic.group @g versions [1]

intrinsic.func @swap(%x: !intrinsic.vector<8xf32>, %n: index) -> !intrinsic.vector<8xf32> attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  "test.op"(%n) : (index) -> ()
  %a, %b = intrinsic.split %x : !intrinsic.vector<8xf32> to vector<4xf32>, vector<4xf32>
  %y = intrinsic.join %b, %a : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
  intrinsic.return %y : !intrinsic.vector<8xf32>
}

flow.executable @k workgroups [1, 1, 1] {
  llvm.func @k.tile(%p: vector<4xf32>, %wx: i32, %wy: i32, %wz: i32) {
    %n = arith.constant 4 : index
    %v = intrinsic.join %p, %p : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
    %w = intrinsic.call @swap(%v, %n) : (!intrinsic.vector<8xf32>, index) -> !intrinsic.vector<8xf32>
    %a, %b = intrinsic.split %w : !intrinsic.vector<8xf32> to vector<4xf32>, vector<4xf32>
    "test.op"(%a, %b) : (vector<4xf32>, vector<4xf32>) -> ()
    llvm.return
  }
}

// CHECK:      llvm.func @swap(%results: !llvm.ptr, %x: vector<4xf32>, %x_1: vector<4xf32>, %n: i32) attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
// CHECK-NEXT:   %[[N:.*]] = arith.index_cast %n : i32 to index
// CHECK-NEXT:   "test.op"(%[[N]]) : (index) -> ()
// CHECK-NEXT:   llvm.store %x_1, %results {alignment = 4 : i64} : vector<4xf32>, !llvm.ptr
// CHECK-NEXT:   %[[NEXT:.*]] = llvm.getelementptr inbounds %results[16] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK-NEXT:   llvm.store %x, %[[NEXT]] {alignment = 4 : i64} : vector<4xf32>, !llvm.ptr
// CHECK-NEXT:   llvm.return
// CHECK-NEXT: }
// CHECK-NEXT: flow.executable @k workgroups [1, 1, 1] {
// CHECK-NEXT:   llvm.func @k.tile(%p: vector<4xf32>, %wx: i32, %wy: i32, %wz: i32) {
// CHECK-NEXT:     %[[ONE:.*]] = llvm.mlir.constant(1 : i32) : i32
// CHECK-NEXT:     %[[AREA:.*]] = llvm.alloca %[[ONE]] x !llvm.array<32 x i8> {alignment = 16 : i64} : (i32) -> !llvm.ptr
// CHECK-NEXT:     %[[FOUR:.*]] = arith.constant 4 : index
// CHECK-NEXT:     %[[SIZE:.*]] = arith.index_cast %[[FOUR]] : index to i32
// CHECK-NEXT:     llvm.call @swap(%[[AREA]], %p, %p, %[[SIZE]]) : (!llvm.ptr, vector<4xf32>, vector<4xf32>, i32) -> ()
// CHECK-NEXT:     %[[A:.*]] = llvm.load %[[AREA]] {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
// CHECK-NEXT:     %[[PLACE:.*]] = llvm.getelementptr inbounds %[[AREA]][16] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK-NEXT:     %[[B:.*]] = llvm.load %[[PLACE]] {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
// CHECK-NEXT:     "test.op"(%[[A]], %[[B]]) : (vector<4xf32>, vector<4xf32>) -> ()
// CHECK-NEXT:     llvm.return
// CHECK-NEXT:   }
// CHECK-NEXT:   llvm.func @swap(!llvm.ptr, vector<4xf32>, vector<4xf32>, i32)
