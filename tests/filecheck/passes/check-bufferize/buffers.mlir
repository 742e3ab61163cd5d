// Kernels on buffers, dispatches of ranges and constants beside each other pass.
// RUN: zellige-opt %s -p 'check-bufferize' | filecheck %s

hal.constant @a at 0 = dense<1.0> : tensor<16xf32>
hal.constant @b at 64 = dense<2.0> : tensor<4xf32>
flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8xf32, #hal.memory<device>>, %i: index) {
    %v = memref.load %a[%i] : memref<8xf32, #hal.memory<device>>
    func.return
  }
}
func.func @main() {
  %c0 = arith.constant 0 : index
  %x = hal.subspan "argument" 0[%c0] : memref<8xf32, #hal.memory<device>>
  hal.dispatch @k(%x, %c0) : memref<8xf32, #hal.memory<device>>, index
  hal.barrier
  func.return
}

// CHECK: flow.executable @k workgroups [1, 1, 1] {
