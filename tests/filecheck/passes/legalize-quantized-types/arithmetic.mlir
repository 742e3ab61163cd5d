// An op computes with floats, whose sum is rounded once, within the limits of the integers; callers have the integers.
// RUN: zellige-opt %s -p legalize-quantized-types | filecheck %s

!left = !quant.uniform<i8:f32, 0.5:-30>
!right = !quant.uniform<u8<1:255>:f32:0, {0.25:20, 2.0:1}>

func.func @main(%x: tensor<2x!left>, %y: tensor<2x!right>) -> tensor<2x!left> {
  %0 = stablehlo.add %x, %y : (tensor<2x!left>, tensor<2x!right>) -> tensor<2x!left>
  return %0 : tensor<2x!left>
}

// CHECK:      func.func @main(%x: tensor<2xi8>, %y: tensor<2xui8>) -> tensor<2xi8>
// CHECK-NEXT:   %[[XI:.*]] = stablehlo.convert %x : (tensor<2xi8>) -> tensor<2xf32>
// CHECK-NEXT:   stablehlo.constant dense<-3.000000e+01>
// CHECK:        stablehlo.subtract %[[XI]]
// CHECK:        %[[X:.*]] = stablehlo.multiply
// CHECK-NEXT:   %[[YI:.*]] = stablehlo.convert %y : (tensor<2xui8>) -> tensor<2xf32>
// CHECK-NEXT:   stablehlo.constant dense<[2.000000e+01, 1.000000e+00]> : tensor<2xf32>
// CHECK:        stablehlo.subtract %[[YI]]
// CHECK:        stablehlo.constant dense<[2.500000e-01, 2.000000e+00]> : tensor<2xf32>
// CHECK:        %[[Y:.*]] = stablehlo.multiply
// CHECK-NEXT:   %[[SUM:.*]] = stablehlo.add %[[X]], %[[Y]] : tensor<2xf32>
// CHECK:        stablehlo.divide %[[SUM]]
// CHECK:        %[[PLACED:.*]] = stablehlo.add
// CHECK:        %[[KEPT:.*]] = stablehlo.clamp %{{.*}}, %[[PLACED]], %{{.*}}
// CHECK-NEXT:   %[[ROUNDED:.*]] = stablehlo.round_nearest_even %[[KEPT]]
// CHECK-NEXT:   %[[RESULT:.*]] = stablehlo.convert %[[ROUNDED]] : (tensor<2xf32>) -> tensor<2xi8>
// CHECK-NEXT:   func.return %[[RESULT]] : tensor<2xi8>
