// Worker k of n runs tiles k, k + n, …; one tile alone is for worker 0; constants are found from a symbol.
// RUN: zellige-opt %s -p convert-host-to-llvm | filecheck %s

flow.executable @k workgroups [4, 2, 1] {
  func.func @k() {
    func.return
  }
}
flow.executable @one workgroups [1, 1, 1] {
  func.func @one() {
    func.return
  }
}
func.func @main() attributes {hal.arguments = [{name = "x", type = tensor<8xf32>}], hal.results = [{name = "y", type = tensor<8xf32>}]} {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %x = hal.subspan "argument" 0[%c0] : memref<8xf32, #hal.memory<device>>
  %w = hal.subspan "constant" 0[%c64] : memref<8xf32, #hal.memory<constant>>
  %t = hal.subspan "slab" 0[%c64] : memref<8xf32, #hal.memory<device>>
  hal.dispatch @k(%x, %w, %c0, %t) : memref<8xf32, #hal.memory<device>>, memref<8xf32, #hal.memory<constant>>, index, memref<8xf32, #hal.memory<device>>
  hal.barrier
  %y = hal.subspan "result" 0[%c0] : memref<8xf32, #hal.memory<device>>
  hal.dispatch @one(%t, %y) : memref<8xf32, #hal.memory<device>>, memref<8xf32, #hal.memory<device>>
  func.return
}

// CHECK:      llvm.mlir.global external constant @__zellige_constants()
// CHECK-NEXT: llvm.func @k.tile(!llvm.ptr<2>, !llvm.ptr<3>, i32, !llvm.ptr<2>, i32, i32, i32)
// CHECK-NEXT: llvm.func @zellige.barrier(%sync: !llvm.ptr<2>, %workers: i32) {

// CHECK:      llvm.func @main(%state: i32)
// CHECK-NEXT:   %[[STATE:\w+]] = llvm.inttoptr %state : i32 to !llvm.ptr<2>
// CHECK-NEXT:   %[[SLOT:\w+]] = llvm.getelementptr inbounds %[[STATE]][32]
// CHECK-NEXT:   %[[ADDRESS:\w+]] = llvm.load %[[SLOT]]
// CHECK-NEXT:   %x = llvm.inttoptr %[[ADDRESS]] : i32 to !llvm.ptr<2>
// CHECK-NEXT:   %[[SYMBOL:\w+]] = llvm.mlir.addressof @__zellige_constants : !llvm.ptr
// CHECK-NEXT:   %[[CONSTANTS:\w+]] = llvm.ptrtoint %[[SYMBOL]] : !llvm.ptr to i32
// CHECK:        %[[W:\w+]] = arith.addi %[[CONSTANTS]], %{{\w+}} : i32
// CHECK-NEXT:   %w = llvm.inttoptr %[[W]] : i32 to !llvm.ptr<3>
// CHECK-NEXT:   %t = llvm.getelementptr inbounds %{{\w+}}[64]
// CHECK:        scf.for %[[T:\w+]] = %[[K:\w+]] to %{{\w+}} step %[[N:\w+]] : i32 {
// CHECK-NEXT:     %[[FOUR:\w+]] = arith.constant 4 : i32
// CHECK-NEXT:     %[[X:\w+]] = arith.remui %[[T]], %[[FOUR]] : i32
// CHECK-NEXT:     %[[Y:\w+]] = arith.divui %[[T]], %[[FOUR]] : i32
// CHECK-NEXT:     llvm.call @k.tile(%x, %w, %{{\w+}}, %t, %[[X]], %[[Y]], %{{\w+}})
// CHECK-NEXT:   }
// CHECK-NEXT:   llvm.call @zellige.barrier(%{{\w+}}, %[[N]])
// CHECK:        %[[FIRST:\w+]] = arith.cmpi eq, %[[K]], %[[ZERO:\w+]] : i32
// CHECK-NEXT:   scf.if %[[FIRST]] {
// CHECK-NEXT:     llvm.call @one.tile(%t, %y, %[[ZERO]], %[[ZERO]], %[[ZERO]])
// CHECK-NEXT:   }
// CHECK-NEXT:   llvm.return
