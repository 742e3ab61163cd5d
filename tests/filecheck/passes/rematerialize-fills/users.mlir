// Each user of a fill after the first gets a fill of its own, right before it.
// RUN: zellige-opt %s -p rematerialize-fills | filecheck %s

flow.executable @zeros {
  func.func @zeros() -> tensor<1xf32> {
    %e = tensor.empty() : tensor<1xf32>
    func.return %e : tensor<1xf32>
  }
}
flow.executable @sum {
  func.func @sum(%x: tensor<1xf32>, %y: tensor<1xf32>) -> tensor<1xf32> {
    func.return %x : tensor<1xf32>
  }
}
func.func @main(%x: tensor<1xf32>) -> tensor<1xf32> {
  %0 = flow.dispatch @zeros() : () -> tensor<1xf32>
  %1 = flow.dispatch @sum(%x, %0) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  %2 = flow.dispatch @sum(%1, %0) : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  func.return %2 : tensor<1xf32>
}

// CHECK:      func.func @main
// CHECK-NEXT:   [[A:%.*]] = flow.dispatch @zeros()
// CHECK-NEXT:   [[B:%.*]] = flow.dispatch @sum(%x, [[A]])
// CHECK-NEXT:   [[C:%.*]] = flow.dispatch @zeros()
// CHECK-NEXT:   [[D:%.*]] = flow.dispatch @sum([[B]], [[C]])
// CHECK-NEXT:   func.return [[D]]
