// Tied operands, loops, branches and results get values of their own; an empty tensor is not copied.
// RUN: zellige-opt %s -p insert-copies | filecheck %s

flow.executable @insert {
  func.func @insert(%d: tensor<8xf32>, %s: tensor<2xf32>) -> tensor<8xf32> {
    %0 = tensor.insert_slice %s into %d[0] [2] [1] : tensor<2xf32> into tensor<8xf32>
    func.return %0 : tensor<8xf32>
  }
}
func.func @main(%x: tensor<8xf32>, %s: tensor<2xf32>, %n: tensor<index>) -> (tensor<8xf32>, tensor<8xf32>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %e = tensor.empty() : tensor<8xf32>
  %0 = flow.dispatch @insert(%e, %s) tied [0] : (tensor<8xf32>, tensor<2xf32>) -> tensor<8xf32>
  %1 = flow.dispatch @insert(%x, %s) tied [0] : (tensor<8xf32>, tensor<2xf32>) -> tensor<8xf32>
  %2 = scf.for %i = %zero to %one step %one iter_args(%v = %0) -> (tensor<8xf32>) {
    scf.yield %v : tensor<8xf32>
  }
  func.return %1, %2 : tensor<8xf32>, tensor<8xf32>
}

// CHECK:      flow.executable @copy_8xf32
// CHECK:      %e = tensor.empty() : tensor<8xf32>
// CHECK:      flow.dispatch @insert(%e_1, %s) tied [0]
// CHECK-NEXT: %x_1 = flow.dispatch @copy_8xf32(%x) {hal.copy}
// CHECK-NEXT: %[[B:\w+]] = flow.dispatch @insert(%x_1, %s) tied [0]
// CHECK-NEXT: %[[INIT:\w+]] = flow.dispatch @copy_8xf32
// CHECK-NEXT: %[[LOOP:\w+]] = scf.for {{.*}} iter_args(%v = %[[INIT]])
// CHECK-NEXT:   %v_1 = flow.dispatch @copy_8xf32(%v) {hal.copy}
// CHECK-NEXT:   %v_2 = flow.dispatch @copy_8xf32(%v_1) {hal.copy}
// CHECK-NEXT:   scf.yield %v_2
// CHECK-NEXT: }
// CHECK-NEXT: flow.dispatch @copy_8xf32(%[[B]])
// CHECK-NEXT: flow.dispatch @copy_8xf32(%[[LOOP]])
