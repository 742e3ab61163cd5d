// An op of the dialect that kernels do not use is refused.
// RUN: zellige-opt %s -p 'convert-vector-to-llvm' --verify-diagnostics

%a = "test.op"() : () -> vector<4xf32>
// expected-error@below {{'vector.fma' has no lowering to LLVM}}
%b = vector.fma %a, %a, %a : vector<4xf32>
