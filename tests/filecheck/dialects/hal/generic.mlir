// The same ops in generic form.
// RUN: zellige-opt %s --print-op-generic | zellige-opt --print-op-generic | filecheck %s

hal.constant @weights at 64 = dense<1.0> : tensor<4xf32>
%offset = arith.constant 0 : index
%x = hal.subspan "slab" 0[%offset] : memref<4xf32, #hal.memory<device>>
hal.dispatch @k(%x) : memref<4xf32, #hal.memory<device>>
%id = hal.workgroup_id 1

// CHECK:      "hal.constant"() <{sym_name = "weights", offset = 64 : i64, value = dense<1.000000e+00> : tensor<4xf32>}> : () -> ()
// CHECK:      "hal.subspan"(%offset) <{region = "slab", index = 0 : i64}> : (index) -> memref<4xf32, #hal.memory<device>>
// CHECK-NEXT: "hal.dispatch"(%x) <{executable = @k}> : (memref<4xf32, #hal.memory<device>>) -> ()
// CHECK-NEXT: "hal.workgroup_id"() <{dimension = 1 : i64}> : () -> index
