// Weights that are made of far fewer bytes are made in the kernel of the product whose panels they fill.
// RUN: zellige-opt %s -p outline-dispatches | filecheck %s

func.func @main(%x: tensor<16x256xf32>, %w: tensor<64x256xi8>) -> tensor<16x64xf32> {
  %e0 = tensor.empty() : tensor<64x256xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(n, k) -> (n, k)>, affine_map<(n, k) -> (n, k)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%w : tensor<64x256xi8>) outs(%e0 : tensor<64x256xf32>) {
  ^bb0(%q: i8, %o: f32):
    %f = arith.sitofp %q : i8 to f32
    linalg.yield %f : f32
  } -> tensor<64x256xf32>
  %zero = arith.constant 0.0 : f32
  %e1 = tensor.empty() : tensor<16x64xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(m, n) -> ()>, affine_map<(m, n) -> (m, n)>],
                       iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%e1 : tensor<16x64xf32>) {
  ^bb0(%z: f32, %o: f32):
    linalg.yield %z : f32
  } -> tensor<16x64xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %0 : tensor<16x256xf32>, tensor<64x256xf32>) outs(%1 : tensor<16x64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<16x64xf32>
  return %2 : tensor<16x64xf32>
}

// CHECK:     func.func @main_0_{{.*}}(%w: tensor<64x256xi8>, %x: tensor<16x256xf32>) -> tensor<16x64xf32> {
// CHECK:       arith.sitofp
// CHECK:       arith.mulf
// CHECK-NOT: flow.executable
