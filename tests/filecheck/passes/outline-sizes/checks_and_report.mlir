// What depends on sizes alone is checked and reported by a function of its own, in 64 bits; other asserts stay.
// RUN: zellige-opt %s -p outline-sizes | filecheck %s

func.func @main() attributes {hal.slab_bytes = 64 : i64, hal.arguments = [{name = "a", type = tensor<?xf32>}, {name = "b", type = tensor<?xi1>}], hal.results = [{name = "r", type = tensor<?xf32>}]} {
  %n = hal.argument_size 0 : index
  %m = hal.argument_size 1 : index
  %c0 = arith.constant 0 : index
  %same = arith.cmpi eq, %m, %n : index
  cf.assert %same, "b differs from a"
  %unit = arith.muli %n, %n : index
  hal.reserve results(%n) slots(%unit) [48]
  %b = hal.subspan "argument" 1[%c0] (%m) : memref<?xi1, #hal.memory<device>>
  %first = memref.load %b[%c0] : memref<?xi1, #hal.memory<device>>
  cf.assert %first, "b is false"
  %slot = hal.subspan "slab" 0[%unit] (%n) : memref<?xf32, #hal.memory<device>>
  hal.dispatch @k(%slot) : memref<?xf32, #hal.memory<device>>
  func.return
}

// CHECK:      func.func @main()
// CHECK-NOT:    "b differs
// CHECK-NOT:    hal.reserve
// CHECK:        cf.assert %first, "b is false"
// CHECK:      func.func @main.sizes() attributes {hal.arguments = {{.*}}, hal.results = {{.*}}, hal.sizes_of = "main"} {
// CHECK:        %n = hal.argument_size 0 : i64
// CHECK:        %m = hal.argument_size 1 : i64
// CHECK:        %same = arith.cmpi eq, %m, %n : i64
// CHECK-NEXT:   cf.assert %same, "b differs from a"
// CHECK:        %unit = arith.muli %n, %n : i64
// CHECK:        %[[STATIC:.*]] = arith.constant 64 : i64
// CHECK-NEXT:   %[[EXTENT:.*]] = arith.constant 48 : i64
// CHECK:        %[[SLOT:.*]] = arith.muli %unit, %[[EXTENT]] : i64
// CHECK:        %[[SLAB:.*]] = arith.addi %[[STATIC]], %[[SLOT]] : i64
// CHECK-NEXT:   cf.assert %{{.*}}, "the sizes of the arguments of 'main' are too large"
// CHECK-NEXT:   hal.report results(%n) slab(%[[SLAB]])
// CHECK-NEXT:   func.return
