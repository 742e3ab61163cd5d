// Executables without their kernel, wrong counts, and results that cannot be tied are refused.
// RUN: DIAG

// expected-error@below {{expected a function '@relu' inside, got ['other']}}
flow.executable @relu {
  func.func @other() {
    func.return
  }
}

// -----

// expected-error@below {{workgroups are counted in 3 dimensions, got 2}}
flow.executable @relu workgroups [4, 1] {
  func.func @relu() {
    func.return
  }
}

// -----

%x = "test.op"() : () -> tensor<8xf32>
// expected-error@below {{expected one tied operand per result (1), got 2}}
%y = flow.dispatch @relu(%x) tied [0, 0] : (tensor<8xf32>) -> tensor<8xf32>

// -----

%x = "test.op"() : () -> tensor<8xf32>
// expected-error@below {{tied operand 1 of 1}}
%y = flow.dispatch @relu(%x) tied [1] : (tensor<8xf32>) -> tensor<8xf32>

// -----

%x = "test.op"() : () -> tensor<8xf32>
// expected-error@below {{tied to tensor<8xf32>, the result is tensor<4xf32>}}
%y = flow.dispatch @relu(%x) tied [0] : (tensor<8xf32>) -> tensor<4xf32>

// -----

%x = "test.op"() : () -> tensor<?x?x8xf32>
// expected-error@below {{expected 1 sizes for tensor<?x8xf32>, got 0}}
%y = flow.reshape %x() : tensor<?x?x8xf32> -> tensor<?x8xf32>

// -----

// expected-error@below {{workgroups are counted by numbers or by a grid, got both}}
flow.executable @relu workgroups [4, 1, 1] grid affine_map<()[s0] -> (s0, 1, 1)> {
  func.func @relu(%n: index) {
    func.return
  }
}

// -----

// expected-error@below {{a grid maps symbols to 3 numbers}}
flow.executable @relu grid affine_map<()[s0] -> (s0, 1)> {
  func.func @relu(%n: index) {
    func.return
  }
}
