// An output that the body does not read is no dependence; one that it reads stays.
// RUN: zellige-opt %s -p replace-unread-inits | filecheck %s

%a, %b = "test.op"() : () -> (tensor<8xf32>, tensor<8xf32>)
%0 = linalg.generic {
  indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]
} ins(%a : tensor<8xf32>) outs(%b : tensor<8xf32>) {
^bb0(%x: f32, %unread: f32):
  linalg.yield %x : f32
} -> tensor<8xf32>
%1 = linalg.generic {
  indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]
} ins(%a : tensor<8xf32>) outs(%b : tensor<8xf32>) {
^bb0(%x: f32, %y: f32):
  %s = arith.addf %x, %y : f32
  linalg.yield %s : f32
} -> tensor<8xf32>

// CHECK:      %0 = tensor.empty() : tensor<8xf32>
// CHECK-NEXT: linalg.generic {{.*}} ins(%a : tensor<8xf32>) outs(%0 : tensor<8xf32>)
// CHECK:      linalg.generic {{.*}} ins(%a : tensor<8xf32>) outs(%b : tensor<8xf32>)
