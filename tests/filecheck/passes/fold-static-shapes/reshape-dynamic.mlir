// A reshape gets its sizes from the scalars of its shape, or the one that is open from the number of elements.
// RUN: zellige-opt %s -p fold-static-shapes | filecheck %s

func.func @made(%x: tensor<?x6xf32>, %n: index, %m: index) -> tensor<?x?xf32> {
  %s = tensor.from_elements %n, %m : tensor<2xindex>
  %0 = tensor.reshape %x(%s) : (tensor<?x6xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// CHECK:      [[FLAT:%\d+]] = tensor.collapse_shape %x {{.*}} : tensor<?x6xf32> into tensor<?xf32>
// CHECK-NEXT: tensor.expand_shape [[FLAT]] {{.*}} output_shape [%n, %m] : tensor<?xf32> into tensor<?x?xf32>

func.func @rest(%x: tensor<24xf32>, %s: tensor<2xi64>) -> tensor<?x4xf32> {
  %0 = tensor.reshape %x(%s) : (tensor<24xf32>, tensor<2xi64>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK:      [[REST:%\d+]] = arith.constant 6 : index
// CHECK:      tensor.expand_shape %{{.*}} output_shape {{\[}}[[REST]], 4] : tensor<{{.*}}> into tensor<?x4xf32>
