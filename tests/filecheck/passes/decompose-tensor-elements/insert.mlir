// One element is put in place by an insert_slice of size 1.
// RUN: zellige-opt %s -p decompose-tensor-elements | filecheck %s

func.func @main(%t: tensor<4xf32>, %x: f32, %i: index) -> tensor<4xf32> {
  %0 = tensor.insert %x into %t[%i] : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK:      %[[F:.*]] = linalg.generic {{.*}} ins(%x : f32) outs(%{{.*}} : tensor<1xf32>)
// CHECK:      tensor.insert_slice %[[F]] into %t[%i] [1] [1] : tensor<1xf32> into tensor<4xf32>
