// A sort moves both parts together, its body has those of the first number before those of the second; a scatter of
// complex numbers updates two tensors.
// RUN: zellige-opt %s -p decompose-complex | filecheck %s

func.func @sort(%x: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>> {
  %0 = linalg_ext.sort dimension(0) ins(%x : tensor<4xcomplex<f32>>) {
  ^bb0(%a: complex<f32>, %b: complex<f32>):
    %p = complex.re %a : complex<f32>
    %q = complex.im %b : complex<f32>
    %less = arith.cmpf olt, %p, %q : f32
    linalg_ext.yield %less : i1
  } -> tensor<4xcomplex<f32>>
  return %0 : tensor<4xcomplex<f32>>
}

func.func @scatter(%x: tensor<9xcomplex<f32>>, %i: tensor<3x1xi32>, %u: tensor<3x1xcomplex<f32>>) -> tensor<9xcomplex<f32>> {
  %0 = linalg_ext.scatter dims = [0] into(%x : tensor<9xcomplex<f32>>) ins(%i, %u : tensor<3x1xi32>, tensor<3x1xcomplex<f32>>) {
  ^bb0(%old: complex<f32>, %new: complex<f32>):
    linalg_ext.yield %new : complex<f32>
  } -> tensor<9xcomplex<f32>>
  return %0 : tensor<9xcomplex<f32>>
}

// CHECK:      func.func @sort
// CHECK:        linalg_ext.sort dimension(0) ins(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>) {
// CHECK-NEXT:   ^bb0(%a: f32, %b: f32, %{{.*}}: f32, %q: f32):
// CHECK-NEXT:     arith.cmpf olt, %a, %q : f32
// CHECK:      func.func @scatter
// CHECK:        linalg_ext.scatter dims = [0] into(%{{.*}}, %{{.*}} : tensor<9xf32>, tensor<9xf32>)
// CHECK-SAME:     ins(%i, %{{.*}}, %{{.*}} : tensor<3x1xi32>, tensor<3x1xf32>, tensor<3x1xf32>) {
// CHECK-NEXT:   ^bb0(%old: f32, %[[OLD_IM:.*]]: f32, %new: f32, %[[NEW_IM:.*]]: f32):
// CHECK-NEXT:     linalg_ext.yield %new, %[[NEW_IM]] : f32, f32
