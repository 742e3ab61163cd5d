// A global that is not there, is of another type, cannot be stored, or is no tensor of static shape is refused.
// RUN: DIAG -p promote-globals

func.func @main() -> tensor<2xf32> {
  // expected-error@below {{there is no global '@state' in this module}}
  %0 = ml_program.global_load @state : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

ml_program.global private mutable @state : tensor<3xf32>
func.func @main() -> tensor<2xf32> {
  // expected-error@below {{global '@state' is tensor<3xf32>, got tensor<2xf32>}}
  %0 = ml_program.global_load @state : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

ml_program.global private @state(dense<1.0> : tensor<2xf32>) : tensor<2xf32>
func.func @main(%x: tensor<2xf32>) {
  // expected-error@below {{global '@state' is stored, but not mutable}}
  ml_program.global_store @state = %x : tensor<2xf32>
  return
}

// -----

// expected-error@below {{expected a global that is a tensor of static shape, got tensor<?xf32>}}
ml_program.global private mutable @state : tensor<?xf32>
func.func @main() {
  return
}
