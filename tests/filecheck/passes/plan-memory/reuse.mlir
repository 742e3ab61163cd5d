// Values that live at different times share bytes; a result is made where it belongs; constants with equal bytes are one.
// RUN: zellige-opt %s -p plan-memory | filecheck %s

flow.executable @k {
  func.func @k(%a: tensor<4x4xf32>, %b: tensor<4x4xf32> {hal.memory = #hal.memory<constant>}) -> tensor<4x4xf32> {
    %e = tensor.empty() : tensor<4x4xf32>
    %0 = linalg.generic {
      indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]
    } ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) {
    ^bb0(%x: f32, %y: f32, %o: f32):
      %s = arith.addf %x, %y : f32
      linalg.yield %s : f32
    } -> tensor<4x4xf32>
    func.return %0 : tensor<4x4xf32>
  }
}
flow.executable @copy_4x4xf32 {
  func.func @copy_4x4xf32(%a: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %0 = tensor.empty() : tensor<4x4xf32>
    %1 = linalg.generic {
      indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]
    } ins(%a : tensor<4x4xf32>) outs(%0 : tensor<4x4xf32>) {
    ^bb0(%x: f32, %o: f32):
      linalg.yield %x : f32
    } -> tensor<4x4xf32>
    func.return %1 : tensor<4x4xf32>
  }
}
func.func @main(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %w = arith.constant dense<1.0> : tensor<4x4xf32>
  %z = arith.constant dense<2.0> : tensor<4x4xf32>
  %v = arith.constant dense<1.0> : tensor<4x4xf32>
  %0 = flow.dispatch @k(%x, %w) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = flow.dispatch @k(%0, %z) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = flow.dispatch @k(%1, %v) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = flow.dispatch @k(%2, %w) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %4 = flow.dispatch @copy_4x4xf32(%3) {hal.copy} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %4 : tensor<4x4xf32>
}

// CHECK-NOT:  flow.executable @copy
// CHECK:      attributes {hal.slab_bytes = 128 : i64, hal.slab_lower_bound_bytes = 128 : i64}
// CHECK-NEXT: %w = arith.constant {hal.placements = [#hal.placement<constant 0 0>]}
// CHECK-NEXT: %z = arith.constant {hal.placements = [#hal.placement<constant 0 64>]}
// CHECK-NEXT: %v = arith.constant {hal.placements = [#hal.placement<constant 0 0>]}
// CHECK-NEXT: %0 = flow.dispatch @k(%x, %w) {hal.placements = [#hal.placement<slab 0 [[A:\d+]]>]}
// CHECK-NEXT: %1 = flow.dispatch @k(%0, %z) {hal.placements = [#hal.placement<slab 0 [[B:\d+]]>]}
// CHECK-NEXT: %2 = flow.dispatch @k(%1, %v) {hal.placements = [#hal.placement<slab 0 [[A]]>]}
// CHECK-NEXT: %3 = flow.dispatch @k(%2, %w) {hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT: func.return %3
