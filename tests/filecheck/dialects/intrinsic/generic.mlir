// A choice and a function in generic form.
// RUN: zellige-opt %s --print-op-generic | zellige-opt --print-op-generic | filecheck %s

intrinsic.func @f(%a: f32) -> f32 attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  %r = intrinsic.choice @g -> (f32) {
    intrinsic.yield %a : f32
  } version 2 {
    intrinsic.yield %a : f32
  }
  intrinsic.return %r : f32
}

// CHECK:      "intrinsic.func"() <{sym_name = "f", function_type = (f32) -> f32}> ({
// CHECK-NEXT: ^bb0(%a: f32):
// CHECK-NEXT:   %r = "intrinsic.choice"() <{group = @g, versions = array<i64: 2>}> ({
// CHECK-NEXT:     "intrinsic.yield"(%a) : (f32) -> ()
// CHECK-NEXT:   }, {
// CHECK-NEXT:     "intrinsic.yield"(%a) : (f32) -> ()
// CHECK-NEXT:   }) : () -> f32
// CHECK-NEXT:   "intrinsic.return"(%r) : (f32) -> ()
// CHECK-NEXT: }) {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} : () -> ()
