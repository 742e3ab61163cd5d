// The marks of built-in functions go from code to objects, and their templates stay.
// RUN: zellige-opt %s -p 'emit-objects{features=simd128 several-memories=true}' | filecheck %s

builtin.module attributes {hal.program = "{}"} {
  intrinsic.template @k "text"
  flow.executable @k workgroups [1, 1, 1] attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
    llvm.func @k.tile(%p: !llvm.ptr<2>, %x: i32, %y: i32, %z: i32) {
      llvm.return
    }
  }
  llvm.func @f() attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 2>} {
    llvm.return
  }
}

// CHECK:      intrinsic.template @k "text"
// CHECK-NEXT: hal.object @k = dense<"{{.*}} : tensor<{{.*}}xi8> {intrinsic.builtin = #intrinsic.builtin<group @g version 1>}
// CHECK-NEXT: hal.object @f = dense<"{{.*}} : tensor<{{.*}}xi8> {intrinsic.builtin = #intrinsic.builtin<group @g version 2>}
