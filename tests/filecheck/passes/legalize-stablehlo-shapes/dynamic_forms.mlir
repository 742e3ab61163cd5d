// Amounts that are computed from constants make dynamic forms static; only where a slice starts may be found when the program runs.
// RUN: zellige-opt %s -p legalize-stablehlo-elementwise,legalize-stablehlo-shapes | filecheck %s

func.func @main(%a: tensor<4xf32>, %p: tensor<f32>, %start: tensor<1xi32>) -> (tensor<4xi32>, tensor<8xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2x2xf32>) {
  %n = stablehlo.get_dimension_size %a, dim = 0 : (tensor<4xf32>) -> tensor<i32>
  %shape = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>
  %one = stablehlo.constant dense<1> : tensor<1xi32>
  %two = stablehlo.add %one, %one : tensor<1xi32>
  %four = stablehlo.add %two, %two : tensor<1xi32>
  %zero = stablehlo.subtract %one, %one : tensor<1xi32>
  %0 = stablehlo.dynamic_iota %shape, dim = 0 : (tensor<1xi32>) -> tensor<4xi32>
  %1 = stablehlo.dynamic_pad %a, %p, %two, %two, %zero : (tensor<4xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<8xf32>
  %2 = stablehlo.real_dynamic_slice %a, %one, %four, %two : (tensor<4xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<2xf32>
  %limit = stablehlo.add %start, %two : tensor<1xi32>
  %3 = stablehlo.real_dynamic_slice %a, %start, %limit, %one : (tensor<4xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<2xf32>
  %both = stablehlo.concatenate %two, %two, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %4 = stablehlo.dynamic_reshape %a, %both : (tensor<4xf32>, tensor<2xi32>) -> tensor<2x2xf32>
  return %0, %1, %2, %3, %4 : tensor<4xi32>, tensor<8xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2x2xf32>
}

// CHECK-NOT:  stablehlo
// CHECK:      linalg.index 0
// CHECK:      tensor.insert_slice %a into %{{.*}}[2] [4] [1]
// CHECK:      tensor.extract_slice %a[1] [2] [2]
// CHECK:      %[[FIRST:.*]] = tensor.extract %start
// CHECK-NEXT: %[[INDEX:.*]] = arith.index_cast %[[FIRST]] : i32 to index
// CHECK-NEXT: %[[LAST:.*]] = arith.constant 2 : index
// CHECK-NEXT: %[[FITS:.*]] = arith.cmpi ule, %[[INDEX]], %[[LAST]] : index
// CHECK-NEXT: cf.assert %[[FITS]], "a slice starts outside of its operand in dimension 0"
// CHECK-NEXT: tensor.extract_slice %a[%[[INDEX]]] [2] [1]
// CHECK:      tensor.expand_shape %a {{\[\[}}0 : i64, 1 : i64]] output_shape [2, 2]
