// index needs a structured op around it, with that loop.
// RUN: DIAG

func.func @outside() -> index {
  // expected-error@below {{expected the body of a structured op of linalg around it, got 'func.func'}}
  %i = linalg.index 0 : index
  return %i : index
}

// -----

func.func @loop(%x: tensor<4xindex>) -> tensor<4xindex> {
  %0 = linalg.map ins(%x : tensor<4xindex>) outs(%x : tensor<4xindex>) (%in: index, %init: index) {
    // expected-error@below {{loop 1 of an operation with 1 loops}}
    %i = linalg.index 1 : index
    linalg.yield %i : index
  }
  return %0 : tensor<4xindex>
}
