// A kernel and a program function are an object each; constants and the description stay.
// RUN: zellige-opt %s -p 'emit-objects{features=simd128 several-memories=true}' | filecheck %s

builtin.module attributes {hal.program = "{}"} {
  hal.constant @c at 0 = dense<1.0> : tensor<4xf32>
  flow.executable @k workgroups [1, 1, 1] {
    llvm.func @k.tile(%p: !llvm.ptr<2>, %x: i32, %y: i32, %z: i32) {
      llvm.return
    }
  }
  llvm.func @k.tile(!llvm.ptr<2>, i32, i32, i32)
  llvm.func @main(%state: i32) {
    %p = llvm.inttoptr %state : i32 to !llvm.ptr<2>
    llvm.call @k.tile(%p, %state, %state, %state) : (!llvm.ptr<2>, i32, i32, i32) -> ()
    llvm.return
  }
}

// CHECK:      builtin.module attributes {hal.program = "{}"} {
// CHECK-NEXT:   hal.constant @c at 0
// CHECK-NEXT:   hal.object @k = dense<"0x0061736D
// CHECK-NEXT:   hal.object @main = dense<"0x0061736D
// CHECK-NEXT: }
