// The marks of built-in kernels and their templates go through all phases up to the objects.
// RUN: zellige compile %s --to object | filecheck %s

func.func @main(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %e = tensor.empty() : tensor<64x64xf32>
  %y = linalg.exp ins(%x : tensor<64x64xf32>) outs(%e : tensor<64x64xf32>) -> tensor<64x64xf32>
  func.return %y : tensor<64x64xf32>
}

// CHECK:      hal.object @zellige.kernels.is_available = dense<"{{.*}} {intrinsic.builtin = #intrinsic.builtin<group @zellige.kernels version 1>}
// CHECK-NEXT: intrinsic.template @main_0_elementwise_64x64_f32 "flow.executable @main_0_elementwise_64x64_f32 workgroups
// CHECK-NEXT: hal.object @main_0_elementwise_64x64_f32 = dense<"{{.*}} {intrinsic.builtin = #intrinsic.builtin<group @zellige.kernels version 1>}
// CHECK-NEXT: hal.object @main = dense<"
// CHECK-NOT:  intrinsic
