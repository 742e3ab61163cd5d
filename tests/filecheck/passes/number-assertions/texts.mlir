// Equal messages have one number.
// RUN: zellige-opt %s -p number-assertions | filecheck %s

%c = "test.op"() : () -> i1
cf.assert %c, "too large"
cf.assert %c, "too small"
cf.assert %c, "too large"

// CHECK:      builtin.module attributes {hal.messages = ["too large", "too small"]} {
// CHECK:      cf.assert %c, "too large" {hal.message = 0 : i64}
// CHECK-NEXT: cf.assert %c, "too small" {hal.message = 1 : i64}
// CHECK-NEXT: cf.assert %c, "too large" {hal.message = 0 : i64}
