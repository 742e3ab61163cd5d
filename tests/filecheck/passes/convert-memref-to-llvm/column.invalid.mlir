// A vector down a column has no instruction.
// RUN: zellige-opt %s -p 'convert-memref-to-llvm' --verify-diagnostics

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<4x4xf32, #hal.memory<device>>) {
    %c0 = arith.constant 0 : index
    %pad = arith.constant 0.0 : f32
    // expected-error@below {{vector elements must be neighbours in memory}}
    %0 = vector.transfer_read %a[%c0, %c0], %pad {in_bounds = [true], permutation_map = affine_map<(d0, d1) -> (d0)>} : memref<4x4xf32, #hal.memory<device>>, vector<4xf32>
    func.return
  }
}
