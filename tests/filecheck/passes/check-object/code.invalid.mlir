// Code, bytes that are no object, and a module without its description are refused.
// RUN: zellige-opt %s -p 'check-object' --verify-diagnostics

builtin.module attributes {hal.program = "{}"} {
  // expected-error@below {{'flow.executable' may not stand in the module after phase 'object'}}
  flow.executable @k workgroups [1, 1, 1] {
    llvm.func @k.tile(%x: i32) {
      llvm.return
    }
    llvm.func @k(%x: i32) {
      llvm.return
    }
  }
}

// -----

builtin.module attributes {hal.program = "{}"} {
  hal.constant @c at 0 = dense<1.0> : tensor<4xf32>
  // expected-error@below {{expected a wasm object, whose bytes start with 0061736d, got 00617300}}
  hal.object @main = dense<"0x00617300"> : tensor<4xi8>
}

// -----

// expected-error@below {{expected the attribute 'hal.program'}}
builtin.module {
  hal.constant @c at 0 = dense<1.0> : tensor<4xf32>
  hal.object @main = dense<"0x0061736D"> : tensor<4xi8>
}
