// A function that has no instruction and was not expanded is refused.
// RUN: zellige-opt %s -p 'convert-arith-to-llvm' --verify-diagnostics

%a = "test.op"() : () -> vector<4xf32>
// expected-error@below {{'math.sin' on vector<4xf32> has no lowering to WebAssembly}}
%b = math.sin %a : vector<4xf32>
