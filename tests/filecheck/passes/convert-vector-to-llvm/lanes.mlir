// A sum across lanes is a tree of halves.
// RUN: zellige-opt %s -p 'convert-vector-to-llvm' | filecheck %s

func.func @f(%x: f32, %v: vector<4xf32>) {
  %0 = vector.broadcast %x : f32 to vector<4xf32>
  %1 = vector.reduction <add>, %v : vector<4xf32> into f32
  %2 = vector.extract %v[3] : f32 from vector<4xf32>
  %3 = vector.insert %x, %v [2] : f32 into vector<4xf32>
  "test.op"(%0, %1, %2, %3) : (vector<4xf32>, f32, f32, vector<4xf32>) -> ()
  func.return
}

// CHECK:      %4 = llvm.shufflevector %v, %v [2, 3, 2, 3] : vector<4xf32>
// CHECK-NEXT: %5 = arith.addf %v, %4 : vector<4xf32>
// CHECK-NEXT: %6 = llvm.shufflevector %5, %5 [1, 1, 1, 1] : vector<4xf32>
// CHECK-NEXT: %7 = arith.addf %5, %6 : vector<4xf32>
// CHECK-NEXT: %8 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT: %9 = llvm.extractelement %7[%8 : i32] : vector<4xf32> -> f32
