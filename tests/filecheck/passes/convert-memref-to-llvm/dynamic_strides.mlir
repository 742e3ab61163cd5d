// The stride of a dimension is the product of the sizes to its right, which are numbers or arguments.
// RUN: zellige-opt %s -p convert-memref-to-llvm | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%x: memref<?x?x8xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, 2, -1>}, %n: index, %m: index, %out: memref<f32, #hal.memory<device>>) {
    %i = hal.workgroup_id 0
    %row = memref.subview %x[%i, 0, 4] [1, %m, 4] [1, 1, 1] : memref<?x?x8xf32, #hal.memory<device>> to memref<1x?x4xf32, strided<[?, 8, 1], offset: ?>, #hal.memory<device>>
    %zero = arith.constant 0 : index
    %v = memref.load %row[%zero, %i, %zero] : memref<1x?x4xf32, strided<[?, 8, 1], offset: ?>, #hal.memory<device>>
    memref.store %v, %out[] : memref<f32, #hal.memory<device>>
    func.return
  }
}

// CHECK:      llvm.func @k.tile(%x: !llvm.ptr<2>
// CHECK:      %[[M:.*]] = arith.index_cast %m : i32 to index
// CHECK:      %[[STRIDE:.*]] = arith.muli %[[M]], %{{.*}} : index
// CHECK:      %[[OUTER:.*]] = arith.muli %[[I:.*]], %[[STRIDE]] : index
// CHECK:      %[[INNER:.*]] = arith.muli %[[I]], %{{.*}} : index
// CHECK-NEXT: arith.addi %[[OUTER]], %[[INNER]] : index
// CHECK:      llvm.getelementptr inbounds %{{.*}}[4]
