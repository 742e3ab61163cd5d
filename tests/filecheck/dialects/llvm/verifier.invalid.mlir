// Operations and types that LLVM has not are refused.
// RUN: DIAG

%p, %i = "test.op"() : () -> (!llvm.ptr<2>, i32)
// expected-error@below {{expected an integer read-modify-write operation, got 'mul'}}
%0 = llvm.atomicrmw "mul" %p, %i : !llvm.ptr<2>, i32 -> i32

// -----

%p, %i = "test.op"() : () -> (!llvm.ptr<2>, i32)
// expected-error@below {{result must be i32, got i64}}
%0 = llvm.atomicrmw "add" %p, %i : !llvm.ptr<2>, i32 -> i64

// -----

%v, %i = "test.op"() : () -> (vector<4xf32>, i32)
// expected-error@below {{result must be f32, got f64}}
%0 = llvm.extractelement %v[%i : i32] : vector<4xf32> -> f64
