// Without barriers there is one worker; scalars are read from memory in the type that they have there.
// RUN: zellige-opt %s -p 'convert-host-to-llvm{barriers=false}' | filecheck %s

func.func @main() attributes {hal.arguments = [{name = "x", type = tensor<4x8xi1>}], hal.results = []} {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %x = hal.subspan "argument" 0[%c0] : memref<4x8xi1, #hal.memory<device>>
  hal.barrier
  %b = memref.load %x[%c2, %c0] : memref<4x8xi1, #hal.memory<device>>
  func.return
}

// CHECK-NOT:  barrier
// CHECK:      %[[AT:\w+]] = arith.constant 16 : index
// CHECK-NEXT: %[[I:\w+]] = arith.index_cast %[[AT]] : index to i32
// CHECK-NEXT: %[[P:\w+]] = llvm.getelementptr inbounds %x[%[[I]]] : (!llvm.ptr<2>, i32) -> !llvm.ptr<2>, i8
// CHECK-NEXT: %[[V:\w+]] = llvm.load %[[P]] {alignment = 1 : i64} : !llvm.ptr<2> -> i8
// CHECK-NEXT: %b = llvm.trunc %[[V]] : i8 to i1
