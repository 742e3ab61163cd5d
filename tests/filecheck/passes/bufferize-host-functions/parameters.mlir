// A parameter has its place among the constants, and its name in the place of bytes.
// RUN: zellige-opt %s -p bufferize-host-functions | filecheck %s

builtin.module attributes {hal.parameters = {"layer.bias" = "f32"}} {
  flow.executable @k workgroups [1, 1, 1] {
    func.func @k() {
      func.return
    }
  }
  func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> attributes {hal.slab_bytes = 0 : i64} {
    %b = arith.constant {hal.placements = [#hal.placement<constant 0 64>]} dense_resource<"layer.bias"> : tensor<8xf32>
    %0 = flow.dispatch @k(%x, %b) {hal.placements = [#hal.placement<result 0 0>]} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    func.return %0 : tensor<8xf32>
  }
}

// CHECK: hal.constant @constant_64 at 64 = dense_resource<layer.bias> : tensor<8xf32>
