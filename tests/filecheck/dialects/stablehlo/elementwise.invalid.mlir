// Types that the specification does not allow are refused where they stand.
// RUN: DIAG --split-input-file

func.func @kind(%x: tensor<4xi32>) {
  // expected-error@below {{expected elements of kind float, complex, got tensor<4xi32>}}
  %0 = stablehlo.exponential %x : tensor<4xi32>
  return
}

// -----

func.func @shape(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error@below {{expected operands and results of one shape, got tensor<4xf32> and tensor<5xf32>}}
  %0 = stablehlo.add %x, %y : (tensor<4xf32>, tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @element(%x: tensor<4xf32>) {
  // expected-error@below {{expected elements of type i1, got tensor<4xi8>}}
  %0 = stablehlo.is_finite %x : (tensor<4xf32>) -> tensor<4xi8>
  return
}

// -----

func.func @bits(%x: tensor<4xf32>) {
  // expected-error@below {{expected as many bits in operand and result, got tensor<4xf32> and tensor<4x3xi16>}}
  %0 = stablehlo.bitcast_convert %x : (tensor<4xf32>) -> tensor<4x3xi16>
  return
}

// -----

func.func @format(%x: tensor<4xf32>) {
  // expected-error@below {{expected at least 1 exponent bit and 0 mantissa bits, got e0m10}}
  %0 = stablehlo.reduce_precision %x, format = e0m10 : tensor<4xf32>
  return
}

// -----

func.func @map(%x: tensor<4xf32>) {
  // expected-error@below {{expected a region that returns (tensor<f32>), got (tensor<i1>)}}
  %0 = "stablehlo.map"(%x) <{dimensions = array<i64: 0>}> ({
  ^bb0(%a: tensor<f32>):
    %b = stablehlo.is_finite %a : (tensor<f32>) -> tensor<i1>
    stablehlo.return %b : tensor<i1>
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return
}
