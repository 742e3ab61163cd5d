// A reshape prints as it is written.
// RUN: ROUNDTRIP

%x, %n = "test.op"() : () -> (tensor<?x?x8xf32>, index)
%y = flow.reshape %x(%n) : tensor<?x?x8xf32> -> tensor<?x8xf32>

// CHECK: %y = flow.reshape %x(%n) : tensor<?x?x8xf32> -> tensor<?x8xf32>
