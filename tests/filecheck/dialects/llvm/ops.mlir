// The ops that are added to the llvm dialect print as they are written.
// RUN: ROUNDTRIP

%p, %v, %i, %f, %c = "test.op"() : () -> (!llvm.ptr<2>, vector<4xf32>, i32, f32, vector<4xi1>)
%0 = llvm.uitofp %i : i32 to f32
%1 = llvm.extractelement %v[%i : i32] : vector<4xf32> -> f32
%2 = llvm.atomicrmw "add" %p, %i : !llvm.ptr<2>, i32 -> i32
%3 = llvm.atomic_load %p align 4 : !llvm.ptr<2> -> i32
%4 = llvm.fcmp "olt" %v, %v : vector<4xf32>
%5 = llvm.select %c, %v, %v : vector<4xi1>, vector<4xf32>

// CHECK:      %0 = llvm.uitofp %i : i32 to f32
// CHECK-NEXT: %1 = llvm.extractelement %v[%i : i32] : vector<4xf32> -> f32
// CHECK-NEXT: %2 = llvm.atomicrmw "add" %p, %i : !llvm.ptr<2>, i32 -> i32
// CHECK-NEXT: %3 = llvm.atomic_load %p align 4 : !llvm.ptr<2> -> i32
// CHECK-NEXT: %4 = llvm.fcmp "olt" %v, %v : vector<4xf32>
// CHECK-NEXT: %5 = llvm.select %c, %v, %v : vector<4xi1>, vector<4xf32>
