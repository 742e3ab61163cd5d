// A composite calls its function; what only arranges or marks values is gone, a call of something unknown stays.
// RUN: zellige-opt %s -p legalize-stablehlo-control-flow | filecheck %s

func.func @main(%a: tensor<4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = stablehlo.tuple %b : tuple<tensor<4xf32>>
  %1 = stablehlo.tuple %a, %0 : tuple<tensor<4xf32>, tuple<tensor<4xf32>>>
  %2 = stablehlo.get_tuple_element %1[1] : (tuple<tensor<4xf32>, tuple<tensor<4xf32>>>) -> tuple<tensor<4xf32>>
  %3 = stablehlo.get_tuple_element %2[0] : (tuple<tensor<4xf32>>) -> tensor<4xf32>
  %4 = stablehlo.create_token : !stablehlo.token
  %5 = stablehlo.after_all %4 : !stablehlo.token
  %6:2 = stablehlo.optimization_barrier %3, %5 : tensor<4xf32>, !stablehlo.token
  %7 = stablehlo.custom_call @annotate_device_placement(%6#0) : (tensor<4xf32>) -> tensor<4xf32>
  %8 = stablehlo.composite "my.f" %7 {decomposition = @f} : (tensor<4xf32>) -> tensor<4xf32>
  %9 = stablehlo.custom_call @lapack_sgeqrf(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %7, %8, %9 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
func.func private @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// CHECK:      func.func @main
// CHECK-NEXT:   %[[F:.*]] = func.call @f(%b) : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT:   %[[G:.*]] = stablehlo.custom_call @lapack_sgeqrf(%a)
// CHECK-NEXT:   func.return %b, %[[F]], %[[G]]
