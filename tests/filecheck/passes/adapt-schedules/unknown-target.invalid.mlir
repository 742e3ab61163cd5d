// The targets are those that the compiler describes.
// RUN: not zellige-opt %s -p 'adapt-schedules{target=vax}' 2>&1 | filecheck %s

builtin.module {}

// CHECK: unknown target 'vax', known are avx512, avx2, neon
