// Workgroups of a kernel with dynamic sizes are counted from the bindings of the dispatch.
// RUN: zellige-opt %s -p 'convert-host-to-llvm{barriers=false}' | filecheck %s

flow.executable @k grid affine_map<()[s0, s1] -> ((s1 ceildiv 16), 3, 1)> {
  llvm.func @k.tile(%x: !llvm.ptr<2>, %n: i32, %wx: i32, %wy: i32, %wz: i32) {
    llvm.return
  }
}
func.func @main() attributes {hal.arguments = [], hal.results = []} {
  %offset = arith.constant 0 : index
  %n = arith.constant 40 : index
  %x = hal.subspan "slab" 0[%offset] : memref<64xf32, #hal.memory<device>>
  hal.dispatch @k(%x, %n) : memref<64xf32, #hal.memory<device>>, index
  func.return
}

// CHECK:      %[[LESS:.*]] = arith.constant 15 : index
// CHECK-NEXT: %[[MORE:.*]] = arith.addi %n, %[[LESS]] : index
// CHECK-NEXT: %[[BY:.*]] = arith.constant 16 : index
// CHECK-NEXT: %[[X:.*]] = arith.divui %[[MORE]], %[[BY]] : index
// CHECK:      %[[TOTAL:.*]] = arith.muli %[[X]], %{{.*}} : index
// CHECK-NEXT: %[[END:.*]] = arith.index_cast %[[TOTAL]] : index to i32
// CHECK:      %[[COUNT:.*]] = arith.index_cast %[[X]] : index to i32
// CHECK:      scf.for %[[T:.*]] = %{{.*}} to %[[END]] step %{{.*}} {
// CHECK-NEXT:   %[[WX:.*]] = arith.remui %[[T]], %[[COUNT]] : i32
// CHECK-NEXT:   %[[WY:.*]] = arith.divui %[[T]], %[[COUNT]] : i32
// CHECK-NEXT:   llvm.call @k.tile(%{{.*}}, %{{.*}}, %[[WX]], %[[WY]], %{{.*}})
