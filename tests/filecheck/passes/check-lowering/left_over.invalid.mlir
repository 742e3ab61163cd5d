// What is not of the llvm dialect is refused, and so is a module without its description.
// RUN: zellige-opt %s -p 'check-lowering' --verify-diagnostics

builtin.module attributes {hal.program = "{}"} {
  // expected-error@below {{expected a function '@k' in the executable, got k.tile}}
  flow.executable @k workgroups [1, 1, 1] {
    llvm.func @k.tile(%x: i32) {
      llvm.return
    }
  }
}

// -----

builtin.module attributes {hal.program = "{}"} {
  flow.executable @k workgroups [1, 1, 1] {
    llvm.func @k.tile(%x: i32) {
      llvm.return
    }
    llvm.func @k(%x: i32) {
      // expected-error@below {{'arith.addi' may not stand in a kernel after phase 'lowering'}}
      %y = arith.addi %x, %x : i32
      llvm.return
    }
  }
}

// -----

builtin.module attributes {hal.program = "{}"} {
  flow.executable @k workgroups [1, 1, 1] {
    llvm.func @k.tile(%x: i32) {
      llvm.return
    }
    llvm.func @k(%x: i32) {
      // expected-error@below {{an index may not stand in a kernel after phase 'lowering', got index}}
      %y = llvm.mlir.constant(1 : index) : index
      llvm.return
    }
  }
}

// -----

// expected-error@below {{expected the attribute 'hal.program'}}
builtin.module {
  flow.executable @k workgroups [1, 1, 1] {
    llvm.func @k.tile(%x: i32) {
      llvm.return
    }
    llvm.func @k(%x: i32) {
      llvm.return
    }
  }
}
