// Ops and types that no later pass can compile are refused at the first one, and counted.
// RUN: zellige-opt %s -p check-input --verify-diagnostics

func.func @f(%a: f32) -> f32 {
  // expected-error@below {{op 'math.fma' is not supported (2 times)}}
  %0 = math.fma %a, %a, %a : f32
  %1 = math.fma %a, %a, %0 : f32
  return %1 : f32
}

// -----

// expected-error@below {{type i3 is not supported yet}}
func.func @f(%a: tensor<4xi3>) {
  return
}

// -----

// expected-error@below {{type ui8 is not supported yet}}
func.func @f(%a: tensor<4xui8>) {
  return
}

// -----

// expected-error@below {{type tensor<*xf32> is not supported}}
func.func @f(%a: tensor<*xf32>) {
  return
}

// -----

// expected-error@below {{type memref<4xf32> is not supported}}
func.func @f(%a: memref<4xf32>) {
  return
}
