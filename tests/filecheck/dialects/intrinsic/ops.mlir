// Groups, built-in functions, calls, choices and wide values in custom form.
// RUN: ROUNDTRIP

intrinsic.group @plain versions [1]
intrinsic.group @vnni versions [1, 2] requires ["avx512f", "avx512_vnni"]

intrinsic.func @nothing() attributes {intrinsic.builtin = #intrinsic.builtin<group @plain version 1>} {
  intrinsic.return
}

intrinsic.func @widen(%a: vector<4xf32>, %n: index) -> (!intrinsic.vector<8xf32>, i1) attributes {intrinsic.builtin = #intrinsic.builtin<group @vnni version 2>} {
  %v = intrinsic.join %a, %a : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
  %any = intrinsic.is_available @vnni
  %second = intrinsic.is_available @vnni version 2
  %r = intrinsic.choice @vnni attributes {note = "kept"} -> (!intrinsic.vector<8xf32>) {
    %c, %d = intrinsic.call @widen(%a, %n) : (vector<4xf32>, index) -> (!intrinsic.vector<8xf32>, i1)
    intrinsic.yield %c : !intrinsic.vector<8xf32>
  } version 2 {
    intrinsic.yield %v : !intrinsic.vector<8xf32>
  }
  intrinsic.choice @plain {
    intrinsic.yield
  } version 1 {
    intrinsic.call @nothing() : () -> ()
    intrinsic.yield
  }
  %x, %y = intrinsic.split %r : !intrinsic.vector<8xf32> to vector<4xf32>, vector<4xf32>
  intrinsic.return %r, %any : !intrinsic.vector<8xf32>, i1
}

intrinsic.template @relu "flow.executable @relu {\0A  \22quoted\22 \5C\0A}\0A"

// CHECK:      intrinsic.group @plain versions [1]
// CHECK-NEXT: intrinsic.group @vnni versions [1, 2] requires ["avx512f", "avx512_vnni"]
// CHECK-NEXT: intrinsic.func @nothing() attributes {intrinsic.builtin = #intrinsic.builtin<group @plain version 1>} {
// CHECK-NEXT:   intrinsic.return
// CHECK-NEXT: }
// CHECK-NEXT: intrinsic.func @widen(%a: vector<4xf32>, %n: index) -> (!intrinsic.vector<8xf32>, i1) attributes {intrinsic.builtin = #intrinsic.builtin<group @vnni version 2>} {
// CHECK-NEXT:   %v = intrinsic.join %a, %a : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
// CHECK-NEXT:   %any = intrinsic.is_available @vnni
// CHECK-NEXT:   %second = intrinsic.is_available @vnni version 2
// CHECK-NEXT:   %r = intrinsic.choice @vnni attributes {note = "kept"} -> (!intrinsic.vector<8xf32>) {
// CHECK-NEXT:     %c, %d = intrinsic.call @widen(%a, %n) : (vector<4xf32>, index) -> (!intrinsic.vector<8xf32>, i1)
// CHECK-NEXT:     intrinsic.yield %c : !intrinsic.vector<8xf32>
// CHECK-NEXT:   } version 2 {
// CHECK-NEXT:     intrinsic.yield %v : !intrinsic.vector<8xf32>
// CHECK-NEXT:   }
// CHECK-NEXT:   intrinsic.choice @plain {
// CHECK-NEXT:     intrinsic.yield
// CHECK-NEXT:   } version 1 {
// CHECK-NEXT:     intrinsic.call @nothing() : () -> ()
// CHECK-NEXT:     intrinsic.yield
// CHECK-NEXT:   }
// CHECK-NEXT:   %x, %y = intrinsic.split %r : !intrinsic.vector<8xf32> to vector<4xf32>, vector<4xf32>
// CHECK-NEXT:   intrinsic.return %r, %any : !intrinsic.vector<8xf32>, i1
// CHECK-NEXT: }
// CHECK-NEXT: intrinsic.template @relu "flow.executable @relu {\0A  \22quoted\22 \\\0A}\0A"
