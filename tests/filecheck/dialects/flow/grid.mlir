// Workgroups are counted by a map of the kernel's arguments.
// RUN: ROUNDTRIP

flow.executable @k grid affine_map<()[s0, s1] -> ((s1 ceildiv 16), 3, 1)> {
  func.func @k(%x: memref<?xf32, #hal.memory<device>>, %n: index) {
    func.return
  }
}

// CHECK: flow.executable @k grid affine_map<()[s0, s1] -> ((s1 ceildiv 16), 3, 1)> {
