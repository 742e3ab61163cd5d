// How many bytes there are has to be known.
// RUN: DIAG -p pack-small-integers

// expected-error@below {{tensor<?xi4> at the border of '@main' is not supported, expected a static tensor}}
func.func @main(%x: tensor<?xi4>) {
  return
}
