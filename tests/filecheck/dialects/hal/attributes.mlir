// Memories, placements and schedules print as they are written.
// RUN: ROUNDTRIP

"test.op"() {
  a = #hal.memory<local>, b = #hal.memory<constant>, c = #hal.placement<slab 0 64>, d = #hal.placement<result 2 0>,
  e = #hal.schedule<workgroup [64, 0] tile [4, 8]>, f = #hal.schedule<workgroup [0, 0, 0] tile [4, 16, 1] pack [1]>
} : () -> ()

// CHECK: a = #hal.memory<local>, b = #hal.memory<constant>, c = #hal.placement<slab 0 64>, d = #hal.placement<result 2 0>
// CHECK-SAME: e = #hal.schedule<workgroup [64, 0] tile [4, 8]>, f = #hal.schedule<workgroup [0, 0, 0] tile [4, 16, 1] pack [1]>
