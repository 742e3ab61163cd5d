// An instruction that only multiplies is followed by an addition.
// RUN: zellige-opt %s -p 'convert-packed-to-llvm{machine=wasm}' | filecheck %s

func.func @f(%a: vector<4xi32>, %start: vector<4xi32>) {
  %0 = packed.dot %a : si16, %a : si16, %start : vector<4xi32>
  "test.op"(%0) : (vector<4xi32>) -> ()
  func.return
}

// CHECK:      %2 = llvm.call_intrinsic "llvm.wasm.dot"(%0, %1) : (vector<8xi16>, vector<8xi16>) -> vector<4xi32>
// CHECK-NEXT: %3 = arith.addi %start, %2 : vector<4xi32>
