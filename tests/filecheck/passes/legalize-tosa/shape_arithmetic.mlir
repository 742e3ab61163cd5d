// Shapes are computed when compiling.
// RUN: zellige-opt %s -p legalize-tosa | filecheck %s

func.func @main(%x: tensor<2x6xf32>) -> tensor<3x4xf32> {
  %three = tosa.const_shape {values = dense<[3]> : tensor<1xindex>} : () -> !tosa.shape<1>
  %columns = tosa.dim %x {axis = 1 : i32} : (tensor<2x6xf32>) -> !tosa.shape<1>
  %two = tosa.div_floor_shape %columns, %three : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<1>
  %four = tosa.exp2_shape %two : (!tosa.shape<1>) -> !tosa.shape<1>
  %shape = tosa.concat_shape %three, %four : (!tosa.shape<1>, !tosa.shape<1>) -> !tosa.shape<2>
  %0 = tosa.reshape %x, %shape : (tensor<2x6xf32>, !tosa.shape<2>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// CHECK:      func.func @main
// CHECK-NEXT: stablehlo.reshape %x : (tensor<2x6xf32>) -> tensor<3x4xf32>
