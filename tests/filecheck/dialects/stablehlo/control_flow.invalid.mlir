// Regions that take or return something else than the op needs are refused with what was expected.
// RUN: DIAG

func.func @f(%a: tensor<2xf32>) {
  // expected-error@below {{expected the condition to return (tensor<i1>), got (tensor<2xf32>)}}
  %0 = stablehlo.while(%i = %a) : tensor<2xf32>
  cond {
    stablehlo.return %i : tensor<2xf32>
  } do {
    stablehlo.return %i : tensor<2xf32>
  }
  return
}

// -----

func.func @f(%a: tensor<2xf32>, %p: tensor<i1>) {
  // expected-error@below {{expected the body to return (tensor<2xf32>), got ()}}
  %0 = stablehlo.while(%i = %a) : tensor<2xf32>
  cond {
    stablehlo.return %p : tensor<i1>
  } do {
    stablehlo.return
  }
  return
}

// -----

func.func @f(%a: tensor<2xf32>) {
  // expected-error@below {{expected 1 types, one a carried value, got 2}}
  %0 = stablehlo.while(%i = %a) : tensor<2xf32>, tensor<2xf32>
  cond {
    stablehlo.return %i : tensor<2xf32>
  } do {
    stablehlo.return
  }
  return
}

// -----

func.func @f(%a: tensor<2xf32>, %p: tensor<1xi1>) {
  // expected-error@below {{expected a condition of type tensor<i1>, got tensor<1xi1>}}
  "stablehlo.if"(%p) ({ stablehlo.return }, { stablehlo.return }) : (tensor<1xi1>) -> ()
  return
}

// -----

func.func @f(%a: tensor<2xf32>, %k: tensor<i32>) {
  // expected-error@below {{expected branch 1 to return (tensor<2xf32>), got ()}}
  %0 = "stablehlo.case"(%k) ({
    stablehlo.return %a : tensor<2xf32>
  }, {
    stablehlo.return
  }) : (tensor<i32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%k: tensor<i32>) {
  // expected-error@below {{expected at least 1 branch, got 0}}
  "stablehlo.case"(%k) : (tensor<i32>) -> ()
  return
}

// -----

func.func @f(%a: tuple<tensor<2xf32>>) {
  // expected-error@below {{expected an index below 1, got 1}}
  %0 = stablehlo.get_tuple_element %a[1] : (tuple<tensor<2xf32>>) -> tensor<2xf32>
  return
}
