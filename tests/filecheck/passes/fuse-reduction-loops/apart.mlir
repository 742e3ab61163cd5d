// What stays apart: a sum of another row, of a part of what was stored, in steps that do not fit, or behind another store.
// RUN: zellige-opt %s -p 'fuse-reduction-loops' --split-input-file | filecheck %s

// CHECK-LABEL: func.func @other_row
// CHECK:       vector.transfer_write
// CHECK:       scf.for
// CHECK:       vector.transfer_read
flow.executable @other_row workgroups [1, 1, 1] {
  func.func @other_row(%x: memref<64xf32, #hal.memory<device>>, %out: memref<2x64xf32, #hal.memory<device>>, %sum: memref<4xf32, #hal.memory<device>>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c64 = arith.constant 64 : index
    %pad = arith.constant 0.0 : f32
    %zero = vector.broadcast %pad : f32 to vector<4xf32>
    scf.for %i = %c0 to %c64 step %c4 {
      %a = vector.broadcast %pad : f32 to vector<4xf32>
      vector.transfer_write %a, %out[%c0, %i] {in_bounds = [true]} : vector<4xf32>, memref<2x64xf32, #hal.memory<device>>
    }
    %lanes = scf.for %j = %c0 to %c64 step %c4 iter_args(%s = %zero) -> (vector<4xf32>) {
      %y = vector.transfer_read %out[%c1, %j], %pad {in_bounds = [true]} : memref<2x64xf32, #hal.memory<device>>, vector<4xf32>
      %t = arith.addf %y, %s : vector<4xf32>
      scf.yield %t : vector<4xf32>
    }
    vector.transfer_write %lanes, %sum[%c0] {in_bounds = [true]} : vector<4xf32>, memref<4xf32, #hal.memory<device>>
    func.return
  }
}

// -----

// CHECK-LABEL: func.func @overlapping
// CHECK:       vector.transfer_write
// CHECK:       scf.for
// CHECK:       vector.transfer_read
flow.executable @overlapping workgroups [1, 1, 1] {
  func.func @overlapping(%out: memref<68xf32, #hal.memory<device>>, %sum: memref<4xf32, #hal.memory<device>>) {
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %c64 = arith.constant 64 : index
    %pad = arith.constant 0.0 : f32
    %zero = vector.broadcast %pad : f32 to vector<4xf32>
    scf.for %i = %c0 to %c64 step %c2 {
      %n = arith.index_cast %i : index to i32
      %f = arith.sitofp %n : i32 to f32
      %a = vector.broadcast %f : f32 to vector<4xf32>
      vector.transfer_write %a, %out[%i] {in_bounds = [true]} : vector<4xf32>, memref<68xf32, #hal.memory<device>>
    }
    %lanes = scf.for %j = %c0 to %c64 step %c2 iter_args(%s = %zero) -> (vector<4xf32>) {
      %y = vector.transfer_read %out[%j], %pad {in_bounds = [true]} : memref<68xf32, #hal.memory<device>>, vector<4xf32>
      %t = arith.addf %y, %s : vector<4xf32>
      scf.yield %t : vector<4xf32>
    }
    vector.transfer_write %lanes, %sum[%c0] {in_bounds = [true]} : vector<4xf32>, memref<4xf32, #hal.memory<device>>
    func.return
  }
}

// -----

// CHECK-LABEL: func.func @other_steps
// CHECK:       vector.transfer_write
// CHECK:       scf.for
// CHECK:       vector.transfer_read
flow.executable @other_steps workgroups [1, 1, 1] {
  func.func @other_steps(%out: memref<64xf32, #hal.memory<device>>, %sum: memref<8xf32, #hal.memory<device>>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %c64 = arith.constant 64 : index
    %pad = arith.constant 0.0 : f32
    %zero = vector.broadcast %pad : f32 to vector<8xf32>
    scf.for %i = %c0 to %c64 step %c4 {
      %a = vector.broadcast %pad : f32 to vector<4xf32>
      vector.transfer_write %a, %out[%i] {in_bounds = [true]} : vector<4xf32>, memref<64xf32, #hal.memory<device>>
    }
    %lanes = scf.for %j = %c0 to %c64 step %c8 iter_args(%s = %zero) -> (vector<8xf32>) {
      %y = vector.transfer_read %out[%j], %pad {in_bounds = [true]} : memref<64xf32, #hal.memory<device>>, vector<8xf32>
      %t = arith.addf %y, %s : vector<8xf32>
      scf.yield %t : vector<8xf32>
    }
    vector.transfer_write %lanes, %sum[%c0] {in_bounds = [true]} : vector<8xf32>, memref<8xf32, #hal.memory<device>>
    func.return
  }
}

// -----

// CHECK-LABEL: func.func @stored_over
// CHECK:       vector.transfer_write
// CHECK:       memref.store
// CHECK:       scf.for
// CHECK:       vector.transfer_read
flow.executable @stored_over workgroups [1, 1, 1] {
  func.func @stored_over(%out: memref<64xf32, #hal.memory<device>>, %sum: memref<4xf32, #hal.memory<device>>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %c64 = arith.constant 64 : index
    %pad = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %zero = vector.broadcast %pad : f32 to vector<4xf32>
    scf.for %i = %c0 to %c64 step %c4 {
      vector.transfer_write %zero, %out[%i] {in_bounds = [true]} : vector<4xf32>, memref<64xf32, #hal.memory<device>>
    }
    memref.store %one, %out[%c4] : memref<64xf32, #hal.memory<device>>
    %lanes = scf.for %j = %c0 to %c64 step %c4 iter_args(%s = %zero) -> (vector<4xf32>) {
      %y = vector.transfer_read %out[%j], %pad {in_bounds = [true]} : memref<64xf32, #hal.memory<device>>, vector<4xf32>
      %t = arith.addf %y, %s : vector<4xf32>
      scf.yield %t : vector<4xf32>
    }
    vector.transfer_write %lanes, %sum[%c0] {in_bounds = [true]} : vector<4xf32>, memref<4xf32, #hal.memory<device>>
    func.return
  }
}
