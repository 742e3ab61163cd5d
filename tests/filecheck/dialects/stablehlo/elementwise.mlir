// Elementwise ops have upstream's pretty form, with one type where all are the same; the generic form becomes it.
// RUN: ROUNDTRIP

func.func @f(%x: tensor<4xf32>, %i: tensor<4xi32>, %s: tensor<f32>, %p: tensor<i1>) {
  // CHECK: %0 = stablehlo.add %x, %x : tensor<4xf32>
  %0 = stablehlo.add %x, %x : tensor<4xf32>
  // CHECK-NEXT: %1 = stablehlo.compare LT, %i, %i, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  %1 = stablehlo.compare  LT, %i, %i,  SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  // CHECK-NEXT: %2 = stablehlo.compare NE, %x, %x, TOTALORDER : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %2 = "stablehlo.compare"(%x, %x) {comparison_direction = #stablehlo<comparison_direction NE>, compare_type = #stablehlo<comparison_type TOTALORDER>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  // CHECK-NEXT: %3 = stablehlo.select %p, %x, %0 : tensor<i1>, tensor<4xf32>
  %3 = stablehlo.select %p, %x, %0 : tensor<i1>, tensor<4xf32>
  // CHECK-NEXT: %4 = stablehlo.clamp %s, %x, %s : (tensor<f32>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %4 = stablehlo.clamp %s, %x, %s : (tensor<f32>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  // CHECK-NEXT: %5 = stablehlo.reduce_precision %x, format = e5m10 : tensor<4xf32>
  %5 = "stablehlo.reduce_precision"(%x) <{exponent_bits = 5 : i32, mantissa_bits = 10 : i32}> : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT: %6 = stablehlo.convert %x : (tensor<4xf32>) -> tensor<4xui8>
  %6 = stablehlo.convert %x : (tensor<4xf32>) -> tensor<4xui8>
  // CHECK-NEXT: %7 = stablehlo.bitcast_convert %x : (tensor<4xf32>) -> tensor<4x2xi16>
  %7 = stablehlo.bitcast_convert %x : (tensor<4xf32>) -> tensor<4x2xi16>
  // CHECK-NEXT: %8 = stablehlo.exponential %x {result_accuracy = #stablehlo.result_accuracy<atol = 0.000000e+00, rtol = 0.000000e+00, ulps = 2, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<4xf32>
  %8 = stablehlo.exponential %x {result_accuracy = #stablehlo.result_accuracy<ulps = 2, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<4xf32>
  // CHECK-NEXT: %9 = stablehlo.constant dense<[1.000000e+00, 0x7F800000]> : tensor<2xf32>
  %9 = stablehlo.constant dense<[1.0, 0x7F800000]> : tensor<2xf32>
  // CHECK-NEXT: %10 = stablehlo.is_finite %x : (tensor<4xf32>) -> tensor<4xi1>
  %10 = stablehlo.is_finite %x : (tensor<4xf32>) -> tensor<4xi1>
  // CHECK-NEXT: %11 = "stablehlo.map"(%i) <{dimensions = array<i64: 0>}> ({
  %11 = "stablehlo.map"(%i) ({
  ^bb0(%a: tensor<i32>):
    %b = stablehlo.negate %a : tensor<i32>
    stablehlo.return %b : tensor<i32>
  }) {dimensions = array<i64: 0>} : (tensor<4xi32>) -> tensor<4xi32>
  return
}
