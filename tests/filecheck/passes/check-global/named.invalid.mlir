// Named ops and other things that the input phase removes are refused.
// RUN: zellige-opt %s -p 'check-global' --verify-diagnostics

func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  // expected-error@below {{'linalg.exp' may not stand in a program function after phase 'global'}}
  %0 = linalg.exp ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  func.return %0 : tensor<8xf32>
}

// -----

// expected-error@below {{'flow.executable' may not stand in the module after phase 'global'}}
flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%x: f32, %c: i1) {
    %v = vector.broadcast %x : f32 to vector<4xf32>
    %t = vector.broadcast %c : i1 to vector<16xi1>
    func.return
  }
}
