// Arithmetic of i64 that wraps, division towards zero, shifts, bits and comparisons of both signednesses.
#map = affine_map<(d0) -> (d0)>
func.func @main(%x: tensor<37xi64>, %y: tensor<37xi64>) -> tensor<37xi64> {
  %three = arith.constant 3 : i64
  %empty = tensor.empty() : tensor<37xi64>
  %result = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel"]}
      ins(%x, %y : tensor<37xi64>, tensor<37xi64>) outs(%empty : tensor<37xi64>) {
  ^bb0(%a: i64, %b: i64, %out: i64):
    %product = arith.muli %a, %b : i64
    %sum = arith.addi %product, %a : i64
    %difference = arith.subi %sum, %b : i64
    %quotient = arith.divsi %difference, %three : i64
    %remainder = arith.remsi %a, %three : i64
    %left = arith.shli %remainder, %three : i64
    %right = arith.shrsi %b, %three : i64
    %bits = arith.xori %left, %right : i64
    %logical = arith.shrui %bits, %three : i64
    %mixed = arith.ori %quotient, %logical : i64
    %is_less = arith.cmpi slt, %a, %b : i64
    %is_below = arith.cmpi ult, %mixed, %product : i64
    %is_one = arith.xori %is_less, %is_below : i1
    %chosen = arith.select %is_one, %mixed, %bits : i64
    %largest = arith.maxsi %chosen, %quotient : i64
    %least = arith.minui %largest, %sum : i64
    linalg.yield %least : i64
  } -> tensor<37xi64>
  return %result : tensor<37xi64>
}
