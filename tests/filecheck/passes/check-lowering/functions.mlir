// An executable with its tile and its entry point passes.
// RUN: zellige-opt %s -p 'check-lowering' | filecheck %s

builtin.module attributes {hal.program = "{}"} {
  flow.executable @k workgroups [1, 1, 1] {
    llvm.func @k.tile(%x: i32) {
      llvm.return
    }
    llvm.func @k(%x: i32) {
      llvm.return
    }
  }
}

// CHECK: flow.executable @k workgroups [1, 1, 1] {
