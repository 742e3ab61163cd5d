// Regions, dimensions, places and schedules that do not exist are refused with what there is.
// RUN: DIAG

%offset = arith.constant 0 : index
// expected-error@below {{region must be one of slab, argument, result, constant, global, got 'heap'}}
%x = hal.subspan "heap" 0[%offset] : memref<4xf32, #hal.memory<device>>

// -----

// expected-error@below {{a workgroup has dimensions 0 to 2, got 3}}
%id = hal.workgroup_id 3

// -----

// expected-error@below {{2 workgroup sizes but 1 tile sizes}}
"test.op"() {a = #hal.schedule<workgroup [1, 2] tile [1]>} : () -> ()

// -----

// expected-error@below {{a workgroup size must be at least 0, a tile size at least 1}}
"test.op"() {a = #hal.schedule<workgroup [0] tile [0]>} : () -> ()

// -----

// expected-error@below {{there is one slab region, got index 1}}
"test.op"() {a = #hal.placement<slab 1 0>} : () -> ()

// -----

%c0 = arith.constant 0 : index
// expected-error@below {{expected 1 sizes for memref<?xf32, #hal.memory<device>>, got 0}}
%x = hal.subspan "slab" 0[%c0] : memref<?xf32, #hal.memory<device>>

// -----

%c8 = arith.constant 8 : index
// expected-error@below {{expected an extent for each of 1 slots, got ()}}
hal.reserve results() slots(%c8) []
