// A forall that could not say what its results are is refused where it stands.
// RUN: DIAG

func.func @step(%x: tensor<8xf32>) {
  // expected-error@below {{a step must not be 0}}
  scf.forall (%i) = (0) to (8) step (0) {
  }
  return
}

// -----

func.func @destination(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error@below {{'tensor.parallel_insert_slice' must insert into one of 'shared_outs'}}
  %0 = scf.forall (%i) in (8) shared_outs(%out = %x) -> (tensor<8xf32>) {
    %part = tensor.extract_slice %x[%i] [1] [1] : tensor<8xf32> to tensor<1xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %part into %x[%i] [1] [1] : tensor<1xf32> into tensor<8xf32>
    }
  }
  return %0 : tensor<8xf32>
}

// -----

func.func @part(%x: tensor<8xf32>, %part: tensor<2xf32>) -> tensor<8xf32> {
  %0 = scf.forall (%i) in (8) shared_outs(%out = %x) -> (tensor<8xf32>) {
    scf.forall.in_parallel {
      // expected-error@below {{expected a slice of shape 1, or without some dimensions of 1, got tensor<2xf32>}}
      tensor.parallel_insert_slice %part into %out[%i] [1] [1] : tensor<2xf32> into tensor<8xf32>
    }
  }
  return %0 : tensor<8xf32>
}
