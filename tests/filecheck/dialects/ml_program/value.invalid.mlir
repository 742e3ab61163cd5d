// A value that is of another type, or that is missing where nothing can be stored, is refused.
// RUN: DIAG

// expected-error@below {{the value is tensor<3xf32>, the global tensor<4xf32>}}
ml_program.global private mutable @cache(dense<0.0> : tensor<3xf32>) : tensor<4xf32>

// -----

// expected-error@below {{expected a value of '@cache', which is not mutable}}
ml_program.global private @cache : tensor<4xf32>
