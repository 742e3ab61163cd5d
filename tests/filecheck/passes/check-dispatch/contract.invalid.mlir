// What the memory phase cannot plan is refused where it stands.
// RUN: zellige-opt %s -p check-dispatch --verify-diagnostics

// expected-error@below {{arguments and results of a program function are tensors, got index}}
func.func @main(%n: index) {
  func.return
}

// -----

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{'linalg.generic' has to be part of a kernel}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%x : tensor<4xf32>) {
  ^bb0(%o: f32):
    linalg.yield %o : f32
  } -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}

// -----

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{there is no executable '@k'}}
  %0 = flow.dispatch @k(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}

// -----

flow.executable @k {
  func.func @k(%x: tensor<4xf32>) -> tensor<4xf32> {
    // expected-error@below {{a kernel returns all results of one 'linalg.generic', 'linalg_ext' op or 'tensor.insert_slice'}}
    func.return %x : tensor<4xf32>
  }
}

// -----

flow.executable @k {
  func.func @k(%x: tensor<4xf32> {hal.memory = #hal.memory<constant>}) -> tensor<4xf32> {
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%x : tensor<4xf32>) {
    ^bb0(%o: f32):
      linalg.yield %o : f32
    } -> tensor<4xf32>
    func.return %0 : tensor<4xf32>
  }
}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{argument 0 of '@k' is in device memory, the kernel expects another}}
  %0 = flow.dispatch @k(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
