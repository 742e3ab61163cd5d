// Rows of dynamic number are shared out by a grid; a scan reads the first element of a row only where there is one.
// RUN: zellige-opt %s -p convert-linalg-ext-to-loops | filecheck %s

flow.executable @k {
  func.func @k(%x: memref<?x?xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, 2>}, %n: index, %m: index,
               %out: memref<?x?xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, 2>}) {
    %0 = bufferization.to_tensor %x restrict : memref<?x?xf32, #hal.memory<device>> to tensor<?x?xf32>
    %1 = linalg_ext.scan dimension(1) inclusive(true) reverse(false) ins(%0 : tensor<?x?xf32>) {
    ^bb0(%a: f32, %b: f32):
      %c = arith.addf %a, %b : f32
      linalg_ext.yield %c : f32
    } -> tensor<?x?xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<?x?xf32>, memref<?x?xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      flow.executable @k grid affine_map<()[s0, s1, s2, s3] -> ((s1 ceildiv 32), 1, 1)>
// CHECK:      memref.reinterpret_cast %x to offset: [0], sizes: [%n, %m, 1], strides: [%m, 1, 1]
// CHECK:      %[[ANY:.*]] = arith.cmpi slt, %{{.*}}, %m : index
// CHECK-NEXT: scf.if %[[ANY]] {
// CHECK:        memref.load
