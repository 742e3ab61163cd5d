// A kernel that is called with a constant and with a computed value becomes two.
// RUN: zellige-opt %s -p mark-constant-operands | filecheck %s

flow.executable @k {
  func.func @k(%a: tensor<8xf32>) -> tensor<8xf32> {
    func.return %a : tensor<8xf32>
  }
}
func.func @main(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %w = arith.constant dense<1.0> : tensor<2x4xf32>
  %v = tensor.collapse_shape %w [[0, 1]] : tensor<2x4xf32> into tensor<8xf32>
  %0 = flow.dispatch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %1 = flow.dispatch @k(%v) : (tensor<8xf32>) -> tensor<8xf32>
  func.return %0, %1 : tensor<8xf32>, tensor<8xf32>
}

// CHECK:      func.func @k(%a: tensor<8xf32>) -> tensor<8xf32>
// CHECK:      func.func @k_v1(%a: tensor<8xf32> {hal.memory = #hal.memory<constant>}) -> tensor<8xf32>
// CHECK:      flow.dispatch @k(%x)
// CHECK-NEXT: flow.dispatch @k_v1(%v)
