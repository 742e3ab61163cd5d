// Elements that do not fill words, and words of another shape, are refused where they stand.
// RUN: DIAG

%a = "test.op"() : () -> i32
// expected-error@below {{elements must have both 8 or both 16 bits, got ui8 and si16}}
%b = packed.dot %a : ui8, %a : si16, %a : i32

// -----

%a = "test.op"() : () -> i32
// expected-error@below {{elements must be signed or unsigned, got i8 and si8}}
%b = packed.dot %a : i8, %a : si8, %a : i32

// -----

%t = "test.op"() : () -> tensor<4x6xi8>
// expected-error@below {{the last dimension must be a multiple of 4, got 6}}
%w = packed.words %t : tensor<4x6xi8> to tensor<4x1xi32>

// -----

%t = "test.op"() : () -> tensor<4x8xf32>
// expected-error@below {{elements must be i8 or i16, got f32}}
%w = packed.words %t : tensor<4x8xf32> to tensor<4x8xi32>

// -----

%t = "test.op"() : () -> tensor<4x8xi8>
// expected-error@below {{result must be tensor<4x2xi32>, got tensor<4x8xi32>}}
%w = packed.words %t : tensor<4x8xi8> to tensor<4x8xi32>

// -----

%m = "test.op"() : () -> memref<4x8xi8, strided<[16, 1]>>
// expected-error@below {{the buffer must have no gaps}}
%w = packed.words %m : memref<4x8xi8, strided<[16, 1]>> to memref<4x2xi32>
