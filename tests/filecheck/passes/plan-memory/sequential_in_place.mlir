// A scan takes over the bytes of what it scans, where that is not needed any more; a search for the first elements not.
// RUN: zellige-opt %s -p materialize-slices,outline-dispatches,mark-constant-operands,insert-copies,plan-memory | filecheck %s

func.func @main(%x: tensor<64xf32>) -> (tensor<64xf32>, tensor<4xf32>) {
  %0 = linalg_ext.scan dimension(0) inclusive(true) reverse(false) ins(%x : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg_ext.yield %s : f32
  } -> tensor<64xf32>
  %1 = linalg_ext.scan dimension(0) inclusive(true) reverse(true) ins(%0 : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.maximumf %a, %b : f32
    linalg_ext.yield %s : f32
  } -> tensor<64xf32>
  %2, %3 = linalg_ext.topk dimension(0) ins(%1 : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.cmpf ogt, %a, %b : f32
    linalg_ext.yield %c : i1
  } -> (tensor<4xf32>, tensor<4xi32>)
  return %1, %2 : tensor<64xf32>, tensor<4xf32>
}

// CHECK:      flow.dispatch @main_0_scan_64_f32(%x) {hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT: flow.dispatch @main_1_scan_64_f32(%{{.*}}) {hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT: flow.dispatch @main_2_topk_64_f32(%{{.*}}) {hal.placements = [#hal.placement<result 1 0>, #hal.placement<slab 0 0>]}
