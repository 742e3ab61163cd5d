// Names do not make kernels different, what they compute and where their arguments are does.
// RUN: zellige-opt %s -p deduplicate-executables | filecheck %s

flow.executable @a {
  func.func @a(%x: tensor<8xf32>) -> tensor<8xf32> {
    func.return %x : tensor<8xf32>
  }
}
flow.executable @b {
  func.func @b(%other: tensor<8xf32>) -> tensor<8xf32> {
    func.return %other : tensor<8xf32>
  }
}
flow.executable @c {
  func.func @c(%x: tensor<8xf32> {hal.memory = #hal.memory<constant>}) -> tensor<8xf32> {
    func.return %x : tensor<8xf32>
  }
}
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = flow.dispatch @a(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %1 = flow.dispatch @b(%0) : (tensor<8xf32>) -> tensor<8xf32>
  %2 = flow.dispatch @c(%1) : (tensor<8xf32>) -> tensor<8xf32>
  func.return %2 : tensor<8xf32>
}

// CHECK:      flow.executable @a
// CHECK-NOT:  flow.executable @b
// CHECK:      flow.executable @c
// CHECK:      flow.dispatch @a(%x)
// CHECK-NEXT: flow.dispatch @a(%0)
// CHECK-NEXT: flow.dispatch @c(%1)
