// Constants and objects pass.
// RUN: zellige-opt %s -p 'check-object' | filecheck %s

builtin.module attributes {hal.program = "{}"} {
  hal.constant @c at 0 = dense<1.0> : tensor<4xf32>
  hal.object @main = dense<"0x0061736D"> : tensor<4xi8>
}

// CHECK: hal.object @main
