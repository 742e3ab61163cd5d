// A parameter takes its bytes among the constants once, however often it stands in the program.
// RUN: zellige-opt %s -p plan-memory | filecheck %s

builtin.module attributes {hal.parameters = {"w" = "f32", "v" = "f32"}} {
  flow.executable @k workgroups [1, 1, 1] {
    func.func @k(%a: tensor<24xf32>, %b: tensor<24xf32>, %c: tensor<24xf32>) -> tensor<24xf32> {
      func.return %a : tensor<24xf32>
    }
  }
  func.func @main() -> tensor<24xf32> {
    %0 = arith.constant dense_resource<w> : tensor<24xf32>
    %1 = arith.constant dense_resource<v> : tensor<24xf32>
    %2 = arith.constant dense_resource<w> : tensor<24xf32>
    %3 = flow.dispatch @k(%0, %1, %2) : (tensor<24xf32>, tensor<24xf32>, tensor<24xf32>) -> tensor<24xf32>
    func.return %3 : tensor<24xf32>
  }
}

// CHECK:      %0 = arith.constant {hal.placements = [#hal.placement<constant 0 0>]} dense_resource<w>
// CHECK-NEXT: %1 = arith.constant {hal.placements = [#hal.placement<constant 0 128>]} dense_resource<v>
// CHECK-NEXT: %2 = arith.constant {hal.placements = [#hal.placement<constant 0 0>]} dense_resource<w>
