// Sizes that depend on data, and sizes that cannot be what an op needs, are refused at the op.
// RUN: zellige-opt %s -p resolve-dimensions --verify-diagnostics

func.func @data(%count: tensor<index>) {
  %n = tensor.extract %count[] : tensor<index>
  // expected-error@below {{'tensor.empty' makes a tensor whose dimension 0 depends on what is in argument 0 ('count'): tensor<?xf32>}}
  %e = tensor.empty(%n) : tensor<?xf32>
  return
}

// -----

func.func @grows(%a: tensor<?xf32>, %count: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %more = arith.addi %n, %c1 : index
  // expected-error@below {{'scf.for' needs sizes to be equal that are not: dimension 0 of argument 0 ('a') and dimension 0 of argument 0 ('a') + 1}}
  %0 = scf.for %i = %c0 to %count step %c1 iter_args(%carried = %a) -> (tensor<?xf32>) {
    %next = tensor.empty(%more) : tensor<?xf32>
    scf.yield %next : tensor<?xf32>
  }
  return
}

// -----

func.func @cast(%a: tensor<4xf32>) {
  %b = tensor.cast %a : tensor<4xf32> to tensor<?xf32>
  // expected-error@below {{'tensor.cast' needs sizes to be equal that are not: 4 and 5}}
  %c = tensor.cast %b : tensor<?xf32> to tensor<5xf32>
  return
}

// -----

func.func @product(%a: tensor<?x?xf32>) -> tensor<6x2xf32> {
  %b = tensor.collapse_shape %a [[0, 1]] : tensor<?x?xf32> into tensor<?xf32>
  // expected-error@below {{cannot cast tensor<?xf32> to tensor<12xf32>: the sizes do not follow from each other}}
  %c = tensor.cast %b : tensor<?xf32> to tensor<12xf32>
  %d = tensor.expand_shape %c [[0, 1]] output_shape [6, 2] : tensor<12xf32> into tensor<6x2xf32>
  return %d : tensor<6x2xf32>
}
