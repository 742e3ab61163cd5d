// A broadcast is an insertion and a shuffle, which instruction selection knows as a splat.
// RUN: zellige-opt %s -p 'convert-vector-to-llvm' | filecheck %s

func.func @f(%x: f32, %v: vector<4xf32>) {
  %0 = vector.broadcast %x : f32 to vector<4xf32>
  %1 = vector.reduction <add>, %v : vector<4xf32> into f32
  %2 = vector.extract %v[3] : f32 from vector<4xf32>
  %3 = vector.insert %x, %v [2] : f32 into vector<4xf32>
  "test.op"(%0, %1, %2, %3) : (vector<4xf32>, f32, f32, vector<4xf32>) -> ()
  func.return
}

// CHECK:      %0 = llvm.mlir.undef : vector<4xf32>
// CHECK-NEXT: %1 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT: %2 = llvm.insertelement %x, %0[%1 : i32] : vector<4xf32>
// CHECK-NEXT: %3 = llvm.shufflevector %2, %2 [0, 0, 0, 0] : vector<4xf32>
