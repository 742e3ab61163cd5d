// Buffers, dispatches and constants print as they are written.
// RUN: ROUNDTRIP

hal.constant @weights at 64 = dense<1.0> : tensor<4xf32>
hal.object @code = dense<[0, 97, 115, 109]> : tensor<4xi8>
%offset = arith.constant 0 : index
%x = hal.subspan "argument" 1[%offset] : memref<4x8xf32, #hal.memory<device>>
hal.dispatch @matmul(%x, %offset) : memref<4x8xf32, #hal.memory<device>>, index
hal.barrier
%id = hal.workgroup_id 2
%n = hal.argument_size 1 : index
%wide = hal.argument_size 1 : i64
hal.reserve results(%n, %n) slots(%n) [48]
%y = hal.subspan "slab" 0[%offset] (%n) : memref<?x8xf32, #hal.memory<device>>
hal.report results(%wide) slab(%wide)

// CHECK:      hal.constant @weights at 64 = dense<1.000000e+00> : tensor<4xf32>
// CHECK-NEXT: hal.object @code = dense<[0, 97, 115, 109]> : tensor<4xi8>
// CHECK-NEXT: %offset = arith.constant 0 : index
// CHECK-NEXT: %x = hal.subspan "argument" 1[%offset] : memref<4x8xf32, #hal.memory<device>>
// CHECK-NEXT: hal.dispatch @matmul(%x, %offset) : memref<4x8xf32, #hal.memory<device>>, index
// CHECK-NEXT: hal.barrier
// CHECK-NEXT: %id = hal.workgroup_id 2
// CHECK-NEXT: %n = hal.argument_size 1 : index
// CHECK-NEXT: %wide = hal.argument_size 1 : i64
// CHECK-NEXT: hal.reserve results(%n, %n) slots(%n) [48]
// CHECK-NEXT: %y = hal.subspan "slab" 0[%offset] (%n) : memref<?x8xf32, #hal.memory<device>>
// CHECK-NEXT: hal.report results(%wide) slab(%wide)
