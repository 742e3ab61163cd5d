// Words and their sums of products print as they are written, of scalars and of vectors.
// RUN: ROUNDTRIP

%t = "test.op"() : () -> tensor<4x64xi8>
%w = packed.words %t : tensor<4x64xi8> to tensor<4x16xi32>
%m = "test.op"() : () -> memref<4x64xi16, #hal.memory<local>>
%n = packed.words %m : memref<4x64xi16, #hal.memory<local>> to memref<4x32xi32, #hal.memory<local>>
%a, %v = "test.op"() : () -> (i32, vector<16xi32>)
%b = packed.dot %a : ui8, %a : si8, %a : i32
%c = packed.dot %v : si16, %v : si16, %v : vector<16xi32>

// CHECK:      %w = packed.words %t : tensor<4x64xi8> to tensor<4x16xi32>
// CHECK:      %n = packed.words %m : memref<4x64xi16, #hal.memory<local>> to memref<4x32xi32, #hal.memory<local>>
// CHECK:      %b = packed.dot %a : ui8, %a : si8, %a : i32
// CHECK-NEXT: %c = packed.dot %v : si16, %v : si16, %v : vector<16xi32>
