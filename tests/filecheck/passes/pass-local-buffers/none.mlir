// A kernel without local buffers says so and keeps what is known of its arguments; `stack-bytes` moves the border.
// RUN: zellige-opt %s -p 'pass-local-buffers{stack-bytes=4096}' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  llvm.func @k.tile(%x: !llvm.ptr<2> {llvm.noalias}, %wx: i32, %wy: i32, %wz: i32) {
    %one = llvm.mlir.constant(1 : i32) : i32
    %a = llvm.alloca %one x !llvm.array<1024 x f32> {alignment = 16 : i64} : (i32) -> !llvm.ptr
    llvm.return
  }
}

// CHECK:      llvm.func @k.tile(%x: !llvm.ptr<2> {llvm.noalias}, %wx: i32, %wy: i32, %wz: i32) attributes {hal.local_buffers = array<i64>} {
// CHECK-NEXT:   %one = llvm.mlir.constant(1 : i32) : i32
// CHECK-NEXT:   %a = llvm.alloca %one x !llvm.array<1024 x f32> {alignment = 64 : i64} : (i32) -> !llvm.ptr
