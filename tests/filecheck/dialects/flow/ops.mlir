// Executables with counted workgroups, and dispatches with tied results, print as they are written.
// RUN: ROUNDTRIP

flow.executable @relu workgroups [4, 1, 1] {
  func.func @relu(%x: tensor<8xf32>) -> tensor<8xf32> {
    func.return %x : tensor<8xf32>
  }
}
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  %y = flow.dispatch @relu(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %z = flow.dispatch @relu(%y) tied [0] : (tensor<8xf32>) -> tensor<8xf32>
  func.return %z : tensor<8xf32>
}

// CHECK:      flow.executable @relu workgroups [4, 1, 1] {
// CHECK-NEXT:   func.func @relu(%x: tensor<8xf32>) -> tensor<8xf32> {
// CHECK:        %y = flow.dispatch @relu(%x) : (tensor<8xf32>) -> tensor<8xf32>
// CHECK-NEXT:   %z = flow.dispatch @relu(%y) tied [0] : (tensor<8xf32>) -> tensor<8xf32>
