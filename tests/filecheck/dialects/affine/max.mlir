// max reads as upstream prints it, with dimensions and symbols.
// RUN: ROUNDTRIP

func.func @main(%n: index, %m: index) -> index {
  %0 = affine.max affine_map<(d0)[s0, s1] -> (d0 - 4, s0 floordiv 2, s1)>(%n)[%m, %n]
  return %0 : index
}

// CHECK: %0 = affine.max affine_map<(d0)[s0, s1] -> ((d0 + -4), (s0 floordiv 2), s1)> (%n)[%m, %n]
