// A shape that depends on a dynamic size is refused at the op that reads the size.
// RUN: DIAG -p legalize-tosa

func.func @main(%x: tensor<?xf32>, %y: tensor<1xf32>) {
  // expected-error@below {{'tosa.dim' makes no shape when compiling: dimension 0 of tensor<?xf32> is dynamic}}
  %0 = tosa.dim %x {axis = 0 : i32} : (tensor<?xf32>) -> !tosa.shape<1>
  %1 = tosa.tile %y, %0 : (tensor<1xf32>, !tosa.shape<1>) -> tensor<?xf32>
  return
}
