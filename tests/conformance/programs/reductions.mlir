// Sums along rows, maxima along columns, a product of integers, and all of a tensor into one number.
func.func @main(%x: tensor<9x35xf32>, %n: tensor<9x35xi32>)
    -> (tensor<9xf32>, tensor<35xf32>, tensor<9xi32>, tensor<f32>) {
  %zero = arith.constant 0.000000e+00 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %one = arith.constant 1 : i32
  %rows = tensor.empty() : tensor<9xf32>
  %columns = tensor.empty() : tensor<35xf32>
  %whole = tensor.empty() : tensor<9xi32>
  %number = tensor.empty() : tensor<f32>
  %rows0 = linalg.fill ins(%zero : f32) outs(%rows : tensor<9xf32>) -> tensor<9xf32>
  %columns0 = linalg.fill ins(%lowest : f32) outs(%columns : tensor<35xf32>) -> tensor<35xf32>
  %whole0 = linalg.fill ins(%one : i32) outs(%whole : tensor<9xi32>) -> tensor<9xi32>
  %number0 = linalg.fill ins(%zero : f32) outs(%number : tensor<f32>) -> tensor<f32>
  %sums = linalg.reduce ins(%x : tensor<9x35xf32>) outs(%rows0 : tensor<9xf32>) dimensions = [1]
    (%a: f32, %sum: f32) {
      %next = arith.addf %a, %sum : f32
      linalg.yield %next : f32
    }
  %maxima = linalg.reduce ins(%x : tensor<9x35xf32>) outs(%columns0 : tensor<35xf32>) dimensions = [0]
    (%a: f32, %max: f32) {
      %next = arith.maximumf %a, %max : f32
      linalg.yield %next : f32
    }
  %products = linalg.reduce ins(%n : tensor<9x35xi32>) outs(%whole0 : tensor<9xi32>) dimensions = [1]
    (%a: i32, %product: i32) {
      %next = arith.muli %a, %product : i32
      linalg.yield %next : i32
    }
  %total = linalg.reduce ins(%x : tensor<9x35xf32>) outs(%number0 : tensor<f32>) dimensions = [0, 1]
    (%a: f32, %sum: f32) {
      %next = arith.addf %a, %sum : f32
      linalg.yield %next : f32
    }
  return %sums, %maxima, %products, %total : tensor<9xf32>, tensor<35xf32>, tensor<9xi32>, tensor<f32>
}
