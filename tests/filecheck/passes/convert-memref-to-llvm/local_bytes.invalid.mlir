// Local buffers that do not fit on the stack are refused instead of running over it.
// RUN: zellige-opt %s -p 'convert-memref-to-llvm{local-bytes=4096}' --verify-diagnostics

flow.executable @k {
  func.func @k(%out: memref<4xf32, #hal.memory<device>>) {
    %small = memref.alloc() : memref<512xf32, #hal.memory<local>>
    // expected-error@below {{a workgroup needs 6144 bytes of local memory, it has 4096}}
    %large = memref.alloc() : memref<1024xf32, #hal.memory<local>>
    func.return
  }
}
