// A tensor of complex numbers becomes two tensors; at the border the parts are columns, and the signature is kept.
// RUN: zellige-opt %s -p decompose-complex | filecheck %s

func.func @main(%x: tensor<8xcomplex<f32>>) -> tensor<8xcomplex<f32>> {
  %e = tensor.empty() : tensor<8xcomplex<f32>>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<8xcomplex<f32>>) outs(%e : tensor<8xcomplex<f32>>) {
  ^bb0(%z: complex<f32>, %o: complex<f32>):
    %re = complex.re %z : complex<f32>
    %im = complex.im %z : complex<f32>
    %neg = arith.negf %im : f32
    %conj = complex.create %re, %neg : complex<f32>
    linalg.yield %conj : complex<f32>
  } -> tensor<8xcomplex<f32>>
  return %0 : tensor<8xcomplex<f32>>
}

// CHECK:      func.func @main(%x: tensor<8x2xf32> {hal.type = tensor<8xcomplex<f32>>})
// CHECK-SAME:   -> (tensor<8x2xf32> {hal.type = tensor<8xcomplex<f32>>})
// CHECK:        %[[R:.*]] = tensor.extract_slice %x[0, 0] [8, 1] [1, 1] : tensor<8x2xf32> to tensor<8xf32>
// CHECK:        %[[I:.*]] = tensor.extract_slice %x[0, 1] [8, 1] [1, 1] : tensor<8x2xf32> to tensor<8xf32>
// CHECK:        linalg.generic {{.*}} ins(%[[R]], %[[I]] : tensor<8xf32>, tensor<8xf32>)
// CHECK-NEXT:   ^{{.*}}(%[[RE:.*]]: f32, %[[IM:.*]]: f32, %{{.*}}: f32, %{{.*}}: f32):
// CHECK-NEXT:     %neg = arith.negf %[[IM]] : f32
// CHECK-NEXT:     linalg.yield %[[RE]], %neg : f32, f32
// CHECK:        tensor.insert_slice {{.*}}[0, 0] [8, 1] [1, 1] : tensor<8xf32> into tensor<8x2xf32>
// CHECK:        tensor.insert_slice {{.*}}[0, 1] [8, 1] [1, 1] : tensor<8xf32> into tensor<8x2xf32>
