// Kinds of elements, sizes and ranks that do not fit are refused where they stand.
// RUN: DIAG --split-input-file

func.func @kind(%x: tensor<4xf32>) {
  // expected-error@below {{expected elements of kind signed, unsigned, got tensor<4xf32>}}
  %0 = chlo.mulhi %x, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @size(%x: tensor<4xf32>) {
  // expected-error@below {{k must be from 0 to 4, got 5}}
  %0, %1 = chlo.top_k(%x, k = 5) : tensor<4xf32> -> (tensor<5xf32>, tensor<5xi32>)
  return
}

// -----

func.func @rank(%x: tensor<4x5xf32>) {
  // expected-error@below {{expected a result with as many dimensions as its operands, got tensor<5xf32>}}
  %0 = chlo.broadcast_add %x, %x : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<5xf32>
  return
}
