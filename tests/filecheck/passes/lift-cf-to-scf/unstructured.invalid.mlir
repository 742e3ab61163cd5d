// A loop that is left in two places, one with two entries, and a branch that begins the next round are refused.
// RUN: DIAG -p lift-cf-to-scf

func.func @main(%p: i1, %q: i1) {
  cf.br ^head
^head:
  // expected-error@below {{a loop that is left in 2 places is not supported}}
  cf.cond_br %p, ^body, ^end
^body:
  cf.cond_br %q, ^head, ^end
^end:
  return
}

// -----

func.func @main(%p: i1, %q: i1) {
  cf.cond_br %p, ^one, ^two
^one:
  // expected-error@below {{a loop with 2 entries is not supported}}
  cf.cond_br %q, ^two, ^end
^two:
  cf.br ^one
^end:
  return
}

// -----

func.func @main(%p: i1, %q: i1) {
  cf.br ^head
^head:
  // expected-error@below {{a branch that leaves a loop, or begins its next round, is not supported}}
  cf.cond_br %p, ^head, ^tail
^tail:
  cf.cond_br %q, ^head, ^end
^end:
  return
}

// -----

func.func @main(%k: i32) {
  // expected-error@below {{a branch by 'cf.switch' is not supported}}
  cf.switch %k : i32, [
    default: ^end,
    1: ^end
  ]
^end:
  return
}
