// A large local buffer becomes an argument that aliases nothing; a small one stays on the stack, at a multiple of 64.
// RUN: zellige-opt %s -p 'pass-local-buffers' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  llvm.func @k.tile(%x: !llvm.ptr<2>, %wx: i32, %wy: i32, %wz: i32) {
    %one = llvm.mlir.constant(1 : i32) : i32
    %a = llvm.alloca %one x !llvm.array<4096 x f32> {alignment = 16 : i64} : (i32) -> !llvm.ptr
    %b = llvm.alloca %one x !llvm.array<256 x f32> {alignment = 16 : i64} : (i32) -> !llvm.ptr
    %c = llvm.alloca %one x !llvm.array<1025 x i8> {alignment = 16 : i64} : (i32) -> !llvm.ptr
    "test.op"(%a, %b, %c) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
    llvm.return
  }
}

// CHECK:      llvm.func @k.tile(%x: !llvm.ptr<2>, %wx: i32, %wy: i32, %wz: i32, %a: !llvm.ptr {llvm.noalias}, %c: !llvm.ptr {llvm.noalias}) attributes {hal.local_buffers = array<i64: 16384, 1025>} {
// CHECK-NEXT:   %one = llvm.mlir.constant(1 : i32) : i32
// CHECK-NEXT:   %b = llvm.alloca %one x !llvm.array<256 x f32> {alignment = 64 : i64} : (i32) -> !llvm.ptr
// CHECK-NEXT:   "test.op"(%a, %b, %c)
