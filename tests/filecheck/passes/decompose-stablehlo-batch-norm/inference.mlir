// Each feature has one factor, computed before it meets the tensor.
// RUN: zellige-opt %s -p decompose-stablehlo-batch-norm | filecheck %s

func.func @main(%x: tensor<4x8xf32>, %s: tensor<8xf32>, %o: tensor<8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>) -> tensor<4x8xf32> {
  %0 = "stablehlo.batch_norm_inference"(%x, %s, %o, %m, %v) <{epsilon = 1.0e-3 : f32, feature_index = 1 : i64}> : (tensor<4x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK: %[[SHIFTED:.*]] = stablehlo.add %v, %{{.*}} : tensor<8xf32>
// CHECK: %[[ROOT:.*]] = stablehlo.sqrt %[[SHIFTED]] : tensor<8xf32>
// CHECK: %[[FACTOR:.*]] = stablehlo.divide %s, %[[ROOT]] : tensor<8xf32>
// CHECK: %[[CENTERED:.*]] = stablehlo.subtract %x, %{{.*}} : tensor<4x8xf32>
// CHECK: %[[WIDE:.*]] = stablehlo.broadcast_in_dim %[[FACTOR]], dims = [1]
// CHECK: %[[SCALED:.*]] = stablehlo.multiply %[[CENTERED]], %[[WIDE]] : tensor<4x8xf32>
// CHECK: stablehlo.add %[[SCALED]], %{{.*}} : tensor<4x8xf32>
