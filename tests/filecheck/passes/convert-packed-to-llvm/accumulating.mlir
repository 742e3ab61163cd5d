// The instruction that adds to a sum gets the sum first and the words as bytes; a shorter vector fills part of one.
// RUN: zellige-opt %s -p 'convert-packed-to-llvm{machine=avx512vnni}' | filecheck %s

func.func @f(%a: vector<16xi32>, %b: vector<16xi32>, %start: vector<16xi32>, %c: vector<2xi32>) {
  %0 = packed.dot %a : ui8, %b : si8, %start : vector<16xi32>
  %1 = packed.dot %c : ui8, %c : si8, %c : vector<2xi32>
  "test.op"(%0, %1) : (vector<16xi32>, vector<2xi32>) -> ()
  func.return
}

// CHECK:      %0 = llvm.bitcast %a : vector<16xi32> to vector<64xi8>
// CHECK-NEXT: %1 = llvm.bitcast %b : vector<16xi32> to vector<64xi8>
// CHECK-NEXT: %2 = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%start, %0, %1) : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
// CHECK-NEXT: %3 = llvm.shufflevector %c, %c [0, 1, 0, 0] : vector<2xi32>
// CHECK-NEXT: %4 = llvm.bitcast %3 : vector<4xi32> to vector<16xi8>
// CHECK:      %7 = llvm.shufflevector %c, %c [0, 1, 0, 0] : vector<2xi32>
// CHECK-NEXT: %8 = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.128"(%7, %4, %6)
// CHECK-NEXT: %9 = llvm.shufflevector %8, %8 [0, 1] : vector<4xi32>
