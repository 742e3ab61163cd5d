// A kernel with enough work is marked, its text is kept, and the group is declared once.
// RUN: zellige-opt %s -p 'outline-builtins' | filecheck %s

flow.executable @negate workgroups [4, 1, 1] {
  func.func @negate(%x: memref<64x64xf32, #hal.memory<device>>, %out: memref<64x64xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<64x64xf32, #hal.memory<device>> to tensor<64x64xf32>
    %id = hal.workgroup_id 0
    %c16 = arith.constant 16 : index
    %row = arith.muli %id, %c16 : index
    %1 = tensor.extract_slice %0[%row, 0] [16, 64] [1, 1] : tensor<64x64xf32> to tensor<16x64xf32>
    %e = tensor.empty() : tensor<16x64xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%1 : tensor<16x64xf32>) outs(%e : tensor<16x64xf32>) {
    ^bb0(%p: f32, %o: f32):
      %n = arith.negf %p : f32
      linalg.yield %n : f32
    } -> tensor<16x64xf32>
    %3 = memref.subview %out[%row, 0] [16, 64] [1, 1] : memref<64x64xf32, #hal.memory<device>> to memref<16x64xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>
    bufferization.materialize_in_destination %2 in restrict writable %3 : (tensor<16x64xf32>, memref<16x64xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      intrinsic.group @zellige.kernels versions [1]
// CHECK-NEXT: intrinsic.template @negate "flow.executable @negate workgroups [4, 1, 1] {\0A  func.func @negate({{.*}}linalg.generic {{.*}}}\0A"
// CHECK-NEXT: flow.executable @negate workgroups [4, 1, 1] attributes {intrinsic.builtin = #intrinsic.builtin<group @zellige.kernels version 1>} {
// CHECK-NEXT:   func.func @negate(
