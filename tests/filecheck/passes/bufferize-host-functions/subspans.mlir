// Dispatches get ranges of bytes; the signature becomes attributes; what a loop carries needs no value any more.
// RUN: zellige-opt %s -p bufferize-host-functions | filecheck %s

func.func @main(%x: tensor<8xf32>, %n: tensor<index>) -> tensor<8xf32> attributes {hal.slab_bytes = 64 : i64} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %w = arith.constant {hal.placements = [#hal.placement<constant 0 64>]} dense<[3, 4]> : tensor<2xindex>
  %end = tensor.extract %n[] : tensor<index>
  %0 = flow.dispatch @k(%x, %w) {hal.placements = [#hal.placement<slab 0 0>]} : (tensor<8xf32>, tensor<2xindex>) -> tensor<8xf32>
  %1 = scf.for %i = %zero to %end step %one iter_args(%a = %0) -> (tensor<8xf32>) {
    %2 = flow.dispatch @k(%a, %w) {hal.placements = [#hal.placement<slab 0 0>]} : (tensor<8xf32>, tensor<2xindex>) -> tensor<8xf32>
    scf.yield %2 : tensor<8xf32>
  } {hal.placements = [#hal.placement<slab 0 0>]}
  %e = tensor.empty() : tensor<8xf32>
  %3 = flow.dispatch @insert(%e, %1) tied [0] {hal.placements = [#hal.placement<result 0 0>]} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  func.return %3 : tensor<8xf32>
}

// CHECK:      hal.constant @constant_64 at 64 = dense<[3, 4]> : tensor<2xi32>
// CHECK-NEXT: func.func @main() attributes {hal.slab_bytes = 64 : i64, hal.arguments = [{name = "x", type = tensor<8xf32>}, {name = "n", type = tensor<index>}], hal.results = [{name = "result0", type = tensor<8xf32>}], hal.dispatches = 3 : i64} {
// CHECK:        %n = hal.subspan "argument" 1[%{{\w+}}] : memref<index, #hal.memory<device>>
// CHECK-NEXT:   %end = memref.load %n[]
// CHECK-NEXT:   %x = hal.subspan "argument" 0
// CHECK-NEXT:   %w = hal.subspan "constant" 0[%{{\w+}}] : memref<2xindex, #hal.memory<constant>>
// CHECK-NEXT:   %[[A:\w+]] = hal.subspan "slab" 0
// CHECK-NEXT:   hal.dispatch @k(%x, %w, %[[A]])
// CHECK-NEXT:   scf.for %i = %zero to %end step %one {
// CHECK-NEXT:     %[[B:\w+]] = hal.subspan "slab" 0
// CHECK:          hal.dispatch @k(%[[B]],
// CHECK-NEXT:   }
// CHECK-NEXT:   %[[OUT:\w+]] = hal.subspan "result" 0
// CHECK-NEXT:   %[[C:\w+]] = hal.subspan "slab" 0
// CHECK-NEXT:   hal.dispatch @insert(%[[OUT]], %[[C]])
// CHECK-NEXT:   func.return
