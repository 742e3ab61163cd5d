// A slice, a view and an element of an empty tensor need no memory.
// RUN: zellige-opt %s -p fold-empty-tensors | filecheck %s

%i = arith.constant 1 : index
%e = tensor.empty() : tensor<4x8xf32>
%s = tensor.extract_slice %e[0, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
%v = tensor.collapse_shape %e [[0, 1]] : tensor<4x8xf32> into tensor<32xf32>
%c = tensor.extract %e[%i, %i] : tensor<4x8xf32>
"test.op"(%s, %v, %c) : (tensor<2x8xf32>, tensor<32xf32>, f32) -> ()

// CHECK:      %s = tensor.empty() : tensor<2x8xf32>
// CHECK-NEXT: %v = tensor.empty() : tensor<32xf32>
// CHECK-NEXT: %c = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: "test.op"(%s, %v, %c)
