// A dispatch in generic form.
// RUN: zellige-opt %s --print-op-generic | zellige-opt --print-op-generic | filecheck %s

%x = "test.op"() : () -> tensor<8xf32>
%y = flow.dispatch @relu(%x) tied [0] : (tensor<8xf32>) -> tensor<8xf32>

// CHECK: "flow.dispatch"(%x) <{executable = @relu, tied = array<i64: 0>}> : (tensor<8xf32>) -> tensor<8xf32>
