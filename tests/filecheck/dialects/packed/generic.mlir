// The same ops in generic form.
// RUN: zellige-opt %s --print-op-generic | zellige-opt --print-op-generic | filecheck %s

%t, %a = "test.op"() : () -> (tensor<4x64xi8>, i32)
%w = packed.words %t : tensor<4x64xi8> to tensor<4x16xi32>
%b = packed.dot %a : ui8, %a : si8, %a : i32

// CHECK:      %w = "packed.words"(%t) : (tensor<4x64xi8>) -> tensor<4x16xi32>
// CHECK-NEXT: %b = "packed.dot"(%a, %a, %a) <{lhs_element = ui8, rhs_element = si8}> : (i32, i32, i32) -> i32
