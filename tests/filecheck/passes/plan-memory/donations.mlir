// An argument that is given away stands where its result does, and is updated there: no copy is left.
// RUN: zellige-opt %s -p insert-copies,plan-memory | filecheck %s

flow.executable @put workgroups [1, 1, 1] {
  func.func @put(%cache: tensor<64xf32>, %row: tensor<16xf32>) -> tensor<64xf32> {
    %0 = tensor.insert_slice %row into %cache[0] [16] [1] : tensor<16xf32> into tensor<64xf32>
    func.return %0 : tensor<64xf32>
  }
}
func.func @main(%cache: tensor<64xf32> {tf.aliasing_output = 0 : i32}, %row: tensor<16xf32>) -> tensor<64xf32> {
  %0 = flow.dispatch @put(%cache, %row) tied [0] : (tensor<64xf32>, tensor<16xf32>) -> tensor<64xf32>
  func.return %0 : tensor<64xf32>
}

// CHECK:      func.func @main
// CHECK-NEXT:   %0 = flow.dispatch @put(%cache, %row) tied [0] {hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT:   func.return %0
