// The name of the function of sizes may not be that of another function.
// RUN: zellige-opt %s -p outline-sizes --verify-diagnostics

// expected-error@below {{the name '@main.sizes' is taken}}
func.func @main() attributes {hal.slab_bytes = 0 : i64, hal.arguments = [], hal.results = []} {
  hal.reserve results() slots() []
  func.return
}

func.func @main.sizes() {
  func.return
}
