// Arguments and results are bytes, a row of bytes for each row; the caller's types stay in the signature.
// RUN: zellige-opt %s -p pack-small-integers | filecheck %s

func.func @main(%x: tensor<3x8xi4>) -> tensor<3x8xi4> {
  return %x : tensor<3x8xi4>
}

// CHECK:      func.func @main(%x: tensor<3x4xi8> {hal.type = tensor<3x8xi4>}) -> (tensor<3x4xi8> {hal.type = tensor<3x8xi4>}) {
// CHECK:        %[[PLACES:.*]] = arith.constant dense<[0, 1]> : tensor<2xi8>
// CHECK:        linalg.generic {{.*}} ins(%x, %[[PLACES]] : tensor<3x4xi8>, tensor<2xi8>) outs(%{{.*}} : tensor<3x4x2xi4>)
// CHECK:          %[[LOW:.*]] = arith.trunci %{{.*}} : i8 to i4
// CHECK:          arith.shrui
// CHECK:          %[[HIGH:.*]] = arith.trunci %{{.*}} : i8 to i4
// CHECK-NEXT:     arith.select %{{.*}}, %[[HIGH]], %[[LOW]] : i4
// CHECK:        tensor.collapse_shape %{{.*}} : tensor<3x4x2xi4> into tensor<3x8xi4>
// CHECK:        tensor.expand_shape
// CHECK:          arith.shli
// CHECK-NEXT:     arith.ori
// CHECK:        func.return %{{.*}} : tensor<3x4xi8>
