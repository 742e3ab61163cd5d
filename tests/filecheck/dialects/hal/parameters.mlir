// Names of parameters are any texts; their bytes are nowhere in a module that lists them.
// RUN: ROUNDTRIP

builtin.module attributes {hal.parameters = {"/t" = "f32", w = "ui8"}} {
  hal.constant @a at 0 = dense_resource<"/t"> : tensor<24xf32>
  hal.constant @b at 128 = dense_resource<w> : tensor<24xi8>
}

// CHECK:      builtin.module attributes {hal.parameters = {"/t" = "f32", w = "ui8"}} {
// CHECK-NEXT:   hal.constant @a at 0 = dense_resource<"/t"> : tensor<24xf32>
// CHECK-NEXT:   hal.constant @b at 128 = dense_resource<w> : tensor<24xi8>
