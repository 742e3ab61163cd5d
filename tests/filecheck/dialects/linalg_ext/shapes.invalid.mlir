// Shapes, bodies and results that do not go together are refused with what was expected.
// RUN: DIAG

func.func @f(%x: tensor<4x8xf32>) {
  // expected-error@below {{dimension must be 0 to 1, got 2}}
  %0 = linalg_ext.sort dimension(2) ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %less = arith.cmpf olt, %a, %b : f32
    linalg_ext.yield %less : i1
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>, %y: tensor<8x4xf32>) {
  // expected-error@below {{inputs must have one shape, got (tensor<4x8xf32>, tensor<8x4xf32>)}}
  %0:2 = linalg_ext.sort dimension(1) ins(%x, %y : tensor<4x8xf32>, tensor<8x4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32):
    %less = arith.cmpf olt, %a, %b : f32
    linalg_ext.yield %less : i1
  } -> (tensor<4x8xf32>, tensor<8x4xf32>)
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>) {
  // expected-error@below {{expected a body of (f32, f32), got (f32)}}
  %0 = linalg_ext.sort dimension(1) ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: f32):
    %less = arith.cmpf olt, %a, %a : f32
    linalg_ext.yield %less : i1
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>) {
  // expected-error@below {{expected 'init': only an inclusive scan can start from its first elements}}
  %0 = linalg_ext.scan dimension(1) inclusive(false) reverse(false) ins(%x : tensor<4x8xf32>) {
  ^bb0(%sum: f32, %a: f32):
    linalg_ext.yield %a : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>) {
  // expected-error@below {{a row of 8 elements has no first 9}}
  %0:2 = linalg_ext.topk dimension(1) ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %greater = arith.cmpf ogt, %a, %b : f32
    linalg_ext.yield %greater : i1
  } -> (tensor<4x9xf32>, tensor<4x9xi32>)
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>, %i: tensor<3x1xi32>, %u: tensor<3x1x9xf32>) {
  // expected-error@below {{a window is no larger than [4, 8], got [1, 9]}}
  %0 = linalg_ext.scatter dims = [0] into(%x : tensor<4x8xf32>) ins(%i, %u : tensor<3x1xi32>, tensor<3x1x9xf32>) {
  ^bb0(%old: f32, %new: f32):
    linalg_ext.yield %new : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>, %i: tensor<3x2xi32>, %u: tensor<3x1x8xf32>) {
  // expected-error@below {{expected 1 indices for each update, got tensor<3x2xi32>}}
  %0 = linalg_ext.scatter dims = [0] into(%x : tensor<4x8xf32>) ins(%i, %u : tensor<3x2xi32>, tensor<3x1x8xf32>) {
  ^bb0(%old: f32, %new: f32):
    linalg_ext.yield %new : f32
  } -> tensor<4x8xf32>
  return
}
