// A sum of what the loop before it has stored is made in that loop, in the same order; the vectors are not read back.
// RUN: zellige-opt %s -p 'fuse-reduction-loops' | filecheck %s

// CHECK:      %[[SUM:.*]] = scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[S:.*]] = %{{.*}}) -> (vector<4xf32>) {
// CHECK:        %[[A:.*]] = math.exp
// CHECK:        %[[B:.*]] = math.exp
// CHECK:        vector.transfer_write %[[A]]
// CHECK:        vector.transfer_write %[[B]]
// CHECK-NEXT:   %[[T:.*]] = arith.addf %[[A]], %[[S]] : vector<4xf32>
// CHECK-NEXT:   %[[U:.*]] = arith.addf %[[B]], %[[T]] : vector<4xf32>
// CHECK-NEXT:   scf.yield %[[U]] : vector<4xf32>
// CHECK-NEXT: }
// CHECK-NOT:  scf.for
// CHECK:      vector.reduction <add>, %[[SUM]]
flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%x: memref<2x64xf32, #hal.memory<device>>, %out: memref<2x64xf32, #hal.memory<device>>, %sum: memref<1xf32, #hal.memory<device>>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %c64 = arith.constant 64 : index
    %pad = arith.constant 0.0 : f32
    scf.for %i = %c0 to %c64 step %c8 {
      %from = memref.subview %x[1, %i] [1, 8] [1, 1] : memref<2x64xf32, #hal.memory<device>> to memref<1x8xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>
      %p = vector.transfer_read %from[%c0, %c0], %pad {in_bounds = [true]} : memref<1x8xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>, vector<4xf32>
      %q = vector.transfer_read %from[%c0, %c4], %pad {in_bounds = [true]} : memref<1x8xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>, vector<4xf32>
      %a = math.exp %p : vector<4xf32>
      %b = math.exp %q : vector<4xf32>
      %to = memref.subview %out[1, %i] [1, 8] [1, 1] : memref<2x64xf32, #hal.memory<device>> to memref<1x8xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>
      vector.transfer_write %a, %to[%c0, %c0] {in_bounds = [true]} : vector<4xf32>, memref<1x8xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>
      vector.transfer_write %b, %to[%c0, %c4] {in_bounds = [true]} : vector<4xf32>, memref<1x8xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>
    }
    %zero = vector.broadcast %pad : f32 to vector<4xf32>
    %row = memref.subview %out[1, 0] [1, 64] [1, 1] : memref<2x64xf32, #hal.memory<device>> to memref<1x64xf32, strided<[64, 1], offset: 64>, #hal.memory<device>>
    %lanes = scf.for %j = %c0 to %c64 step %c4 iter_args(%s = %zero) -> (vector<4xf32>) {
      %part = memref.subview %row[0, %j] [1, 4] [1, 1] : memref<1x64xf32, strided<[64, 1], offset: 64>, #hal.memory<device>> to memref<1x4xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>
      %y = vector.transfer_read %part[%c0, %c0], %pad {in_bounds = [true]} : memref<1x4xf32, strided<[64, 1], offset: ?>, #hal.memory<device>>, vector<4xf32>
      %t = arith.addf %y, %s : vector<4xf32>
      scf.yield %t : vector<4xf32>
    }
    %total = vector.reduction <add>, %lanes : vector<4xf32> into f32
    memref.store %total, %sum[%c0] : memref<1xf32, #hal.memory<device>>
    func.return
  }
}
