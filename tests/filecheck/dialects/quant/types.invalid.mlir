// A quantised type that no numbers have is refused with what it should have.
// RUN: DIAG

// expected-error@below {{expected a zero point from -128 to 127, got 128}}
func.func private @f(!quant.uniform<i8:f32, 0.5:128>)

// -----

// expected-error@below {{expected limits within those of i8, -128 to 127, got -129 to 127}}
func.func private @f(!quant.uniform<i8<-129:127>:f32, 0.5>)

// -----

// expected-error@below {{expected a positive scale, got -0.5}}
func.func private @f(!quant.uniform<i8:f32, -0.5>)

// -----

// expected-error@below {{expected a type of integers such as i8 or u8, got 'f8'}}
func.func private @f(!quant.uniform<f8:f32, 0.5>)

// -----

func.func @f(%x: tensor<3xf32>) {
  // expected-error@below {{expected 2 indices of dimension 0, got tensor<3x!quant.uniform<i8:f32:0, {1.000000e-01, 5.000000e-01}>>}}
  %0 = stablehlo.uniform_quantize %x : (tensor<3xf32>) -> tensor<3x!quant.uniform<i8:f32:0, {0.1, 0.5}>>
  return
}

// -----

func.func @f(%x: tensor<3xf64>) {
  // expected-error@below {{expected one type of floats, got f64 and f32}}
  %0 = stablehlo.uniform_quantize %x : (tensor<3xf64>) -> tensor<3x!quant.uniform<i8:f32, 0.5>>
  return
}
