// A shape that is put together from sizes is made of scalars; an assertion on sizes is one on scalars.
// RUN: zellige-opt %s -p extract-shape-operands | filecheck %s

func.func @main(%x: tensor<?x8xf32>, %k: tensor<i32>) -> tensor<?x?x2xf32> {
  %two = stablehlo.constant dense<2> : tensor<1xi32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %n = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?x8xf32>) -> tensor<i32>
  %ok = stablehlo.compare GE, %n, %one, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
  stablehlo.custom_call @shape_assertion(%ok, %n) {error_message = "n is {0}. Please see the manual", has_side_effect = true} : (tensor<i1>, tensor<i32>) -> ()
  %m = stablehlo.multiply %n, %k : tensor<i32>
  %0 = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>
  %1 = stablehlo.reshape %m : (tensor<i32>) -> tensor<1xi32>
  %shape = stablehlo.concatenate %0, %1, %two, dim = 0 : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<3xi32>
  %y = stablehlo.dynamic_reshape %x, %shape : (tensor<?x8xf32>, tensor<3xi32>) -> tensor<?x?x2xf32>
  return %y : tensor<?x?x2xf32>
}

// CHECK:      %[[#READ:]] = tensor.extract %k[] : tensor<i32>
// CHECK-NEXT: %[[#FACTOR:]] = arith.index_cast %[[#READ]] : i32 to index
// CHECK:      %[[#SIZE:]] = tensor.dim %x, %{{.*}} : tensor<?x8xf32>
// CHECK:      %[[#OK:]] = arith.cmpi sge, %[[#SIZE]], %{{.*}} : index
// CHECK-NEXT: cf.assert %[[#OK]], "n is {0}"
// CHECK-NOT:  custom_call
// CHECK:      %[[#PRODUCT:]] = arith.muli %[[#SIZE]], %[[#FACTOR]] : index
// CHECK:      %[[#SHAPE:]] = tensor.from_elements %[[#SIZE]], %[[#PRODUCT]], %{{.*}} : tensor<3xindex>
// CHECK-NEXT: stablehlo.dynamic_reshape %x, %[[#SHAPE]] : (tensor<?x8xf32>, tensor<3xindex>) -> tensor<?x?x2xf32>
