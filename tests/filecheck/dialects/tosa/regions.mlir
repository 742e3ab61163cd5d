// Branches, loops and variables read and print as mlir-opt writes them, and have a generic form.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

tosa.variable @v = dense<[1.0, 2.0]> : tensor<2xf32>
tosa.variable @u : tensor<2xf32>

func.func @main(%c: tensor<i1>, %x: tensor<2xf32>, %n: tensor<i32>) {
  %0 = tosa.cond_if %c (%a = %x, %b = %x) : tensor<i1> (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%a: tensor<2xf32>, %b: tensor<2xf32>):
    tosa.yield %b : tensor<2xf32>
  } else {
  ^bb0(%a: tensor<2xf32>, %b: tensor<2xf32>):
    tosa.yield %a : tensor<2xf32>
  }
  %1 = tosa.cond_if %c : tensor<i1> -> tensor<2xf32> {
    tosa.yield %x : tensor<2xf32>
  } else {
    tosa.yield %0 : tensor<2xf32>
  }
  %2 = tosa.while_loop (%i = %n) : (tensor<i32>) -> tensor<i32> {
    %3 = tosa.greater %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tosa.yield %3 : tensor<i1>
  } do {
  ^bb0(%i: tensor<i32>):
    tosa.yield %i : tensor<i32>
  }
  %4 = tosa.variable_read @v : tensor<2xf32>
  tosa.variable_write @u, %4 : tensor<2xf32>
  return
}

// CHECK:      tosa.variable @v = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK-NEXT: tosa.variable @u : tensor<2xf32>
// CHECK:      tosa.cond_if %c (%{{.*}} = %x, %{{.*}} = %x) : tensor<i1> (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> {
// CHECK:      tosa.cond_if %c : tensor<i1> -> tensor<2xf32> {
// CHECK:      tosa.while_loop (%{{.*}} = %n) : (tensor<i32>) -> tensor<i32> {
// CHECK:      tosa.variable_read @v : tensor<2xf32>
// CHECK-NEXT: tosa.variable_write @u, %{{.*}} : tensor<2xf32>
