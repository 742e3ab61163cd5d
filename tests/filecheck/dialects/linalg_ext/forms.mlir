// Custom and generic form of each op are the same op.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @f(%x: tensor<4x8xf32>, %y: tensor<4x20xf32>, %init: tensor<4xf32>, %i: tensor<3x1xi32>, %u: tensor<3x1x8xf32>) {
  %0 = linalg_ext.sort dimension(1) ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %less = arith.cmpf olt, %a, %b : f32
    linalg_ext.yield %less : i1
  } -> tensor<4x8xf32>
  %1:2 = linalg_ext.sort dimension(1) ins(%y : tensor<4x20xf32>) {
  ^bb0(%a: f32, %b: f32):
    %less = arith.cmpf olt, %a, %b : f32
    linalg_ext.yield %less : i1
  } -> (tensor<4x20xf32>, tensor<4x20xf32>)
  %2 = linalg_ext.scan dimension(1) inclusive(false) reverse(true) ins(%x : tensor<4x8xf32>) init(%init : tensor<4xf32>)
      attributes {note} {
  ^bb0(%sum: f32, %a: f32):
    %next = arith.addf %sum, %a : f32
    linalg_ext.yield %next : f32
  } -> tensor<4x8xf32>
  %3:2 = linalg_ext.topk dimension(1) ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %greater = arith.cmpf ogt, %a, %b : f32
    linalg_ext.yield %greater : i1
  } -> (tensor<4x2xf32>, tensor<4x2xi32>)
  %4 = linalg_ext.scatter dims = [0] into(%x : tensor<4x8xf32>) ins(%i, %u : tensor<3x1xi32>, tensor<3x1x8xf32>) {
  ^bb0(%old: f32, %new: f32):
    linalg_ext.yield %new : f32
  } -> tensor<4x8xf32>
  return
}

// CHECK:      %0 = linalg_ext.sort dimension(1) ins(%x : tensor<4x8xf32>) {
// CHECK-NEXT: ^bb0(%a: f32, %b: f32):
// CHECK-NEXT:   %less = arith.cmpf olt, %a, %b : f32
// CHECK-NEXT:   linalg_ext.yield %less : i1
// CHECK-NEXT: } -> tensor<4x8xf32>
// CHECK-NEXT: %1, %2 = linalg_ext.sort dimension(1) ins(%y : tensor<4x20xf32>) {
// CHECK:      } -> (tensor<4x20xf32>, tensor<4x20xf32>)
// CHECK-NEXT: %3 = linalg_ext.scan dimension(1) inclusive(false) reverse(true) ins(%x : tensor<4x8xf32>) init(%init : tensor<4xf32>) attributes {note} {
// CHECK:      } -> tensor<4x8xf32>
// CHECK-NEXT: %4, %5 = linalg_ext.topk dimension(1) ins(%x : tensor<4x8xf32>) {
// CHECK:      } -> (tensor<4x2xf32>, tensor<4x2xi32>)
// CHECK-NEXT: %6 = linalg_ext.scatter dims = [0] into(%x : tensor<4x8xf32>) ins(%i, %u : tensor<3x1xi32>, tensor<3x1x8xf32>) {
// CHECK:      } -> tensor<4x8xf32>
