// A plan that does not hold together is refused where it breaks.
// RUN: zellige-opt %s -p check-memory --verify-diagnostics

// expected-error@below {{expected the size of the slab in the attribute 'hal.slab_bytes'}}
func.func @main() {
  func.return
}

// -----

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> attributes {hal.slab_bytes = 0 : i64} {
  // expected-error@below {{result 0 has no place, expected 'hal.placements'}}
  %0 = flow.dispatch @k(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}

// -----

func.func @main(%x: tensor<4xf32>) attributes {hal.slab_bytes = 64 : i64} {
  // expected-error@below {{result 0 is in bytes 64..80, the slab has 64}}
  %0 = flow.dispatch @k(%x) {hal.placements = [#hal.placement<slab 0 64>]} : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> attributes {hal.slab_bytes = 64 : i64} {
  // expected-error@below {{result 0 of the program has to stand in #hal.placement<result 0 0>, it stands in #hal.placement<argument 0 0>}}
  func.return %x : tensor<4xf32>
}

// -----

flow.executable @k {
  // expected-error@below {{argument 0 of a kernel is a buffer or a scalar, got tensor<4xf32>}}
  func.func @k(%x: tensor<4xf32>) {
    func.return
  }
}
