// Halves a vector until its first element is below 1, then takes one branch and another.
func.func @main(%x: tensor<5xf32>, %first: tensor<i1>, %second: tensor<i1>)
    -> (tensor<5xf32>, tensor<5xf32>, tensor<i64>) {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1.000000e+00 : f32
  %half = arith.constant 5.000000e-01 : f32
  %none = arith.constant 0 : i64
  %step = arith.constant 1 : i64
  %small, %rounds = scf.while (%state = %x, %count = %none) : (tensor<5xf32>, i64) -> (tensor<5xf32>, i64) {
    %head = tensor.extract %state[%c0] : tensor<5xf32>
    %is_large = arith.cmpf oge, %head, %one : f32
    scf.condition(%is_large) %state, %count : tensor<5xf32>, i64
  } do {
  ^bb0(%state: tensor<5xf32>, %count: i64):
    %empty = tensor.empty() : tensor<5xf32>
    %factor = linalg.fill ins(%half : f32) outs(%empty : tensor<5xf32>) -> tensor<5xf32>
    %next = linalg.mul ins(%state, %factor : tensor<5xf32>, tensor<5xf32>) outs(%empty : tensor<5xf32>) -> tensor<5xf32>
    %more = arith.addi %count, %step : i64
    scf.yield %next, %more : tensor<5xf32>, i64
  }
  %flag0 = tensor.extract %first[] : tensor<i1>
  %result0 = scf.if %flag0 -> (tensor<5xf32>) {
    %empty = tensor.empty() : tensor<5xf32>
    %negative = linalg.negf ins(%small : tensor<5xf32>) outs(%empty : tensor<5xf32>) -> tensor<5xf32>
    scf.yield %negative : tensor<5xf32>
  } else {
    scf.yield %x : tensor<5xf32>
  }
  %flag1 = tensor.extract %second[] : tensor<i1>
  %result1 = scf.if %flag1 -> (tensor<5xf32>) {
    %empty = tensor.empty() : tensor<5xf32>
    %negative = linalg.negf ins(%small : tensor<5xf32>) outs(%empty : tensor<5xf32>) -> tensor<5xf32>
    scf.yield %negative : tensor<5xf32>
  } else {
    scf.yield %x : tensor<5xf32>
  }
  %count = tensor.from_elements %rounds : tensor<i64>
  return %result0, %result1, %count : tensor<5xf32>, tensor<5xf32>, tensor<i64>
}
