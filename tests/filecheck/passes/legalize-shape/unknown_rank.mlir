// A constraint on shapes whose rank is not known is left, used or not: it is refused later, never dropped.
// RUN: zellige-opt %s -p legalize-shape | filecheck %s

func.func @main(%s: tensor<?xindex>, %t: tensor<?xindex>) {
  %w = shape.cstr_eq %s, %t : tensor<?xindex>, tensor<?xindex>
  return
}

// CHECK: %w = shape.cstr_eq %s, %t : tensor<?xindex>, tensor<?xindex>
