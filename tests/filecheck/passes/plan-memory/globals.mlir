// A global that is updated by an insertion is updated in place, though it is also returned.
// RUN: zellige-opt %s -p insert-copies,plan-memory | filecheck %s

ml_program.global private mutable @count : tensor<4xf32>
ml_program.global private mutable @cache : tensor<8x4xf32>
flow.executable @insert {
  func.func @insert(%all: tensor<8x4xf32>, %row: tensor<4xf32>) -> tensor<8x4xf32> {
    %0 = tensor.insert_slice %row into %all[2, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<8x4xf32>
    func.return %0 : tensor<8x4xf32>
  }
}
func.func @main(%x: tensor<4xf32>) -> tensor<8x4xf32> {
  %cache = ml_program.global_load @cache : tensor<8x4xf32>
  %new = flow.dispatch @insert(%cache, %x) tied [0] : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  ml_program.global_store @cache = %new : tensor<8x4xf32>
  func.return %new : tensor<8x4xf32>
}

// CHECK:      ml_program.global private mutable @cache : tensor<8x4xf32> {hal.placement = #hal.placement<global 0 64>}
// CHECK:      func.func @main
// CHECK-NEXT:   %cache = ml_program.global_load @cache {hal.placements = [#hal.placement<global 0 64>]}
// CHECK-NEXT:   %new = flow.dispatch @insert(%cache, %x) tied [0] {hal.placements = [#hal.placement<global 0 64>]}
// CHECK-NEXT:   %[[OUT:.*]] = flow.dispatch @copy_8x4xf32(%new) {hal.copy, hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT:   ml_program.global_store @cache = %new
// CHECK-NEXT:   func.return %[[OUT]]
