// Arithmetic of i32 that wraps, division towards zero, shifts, bits and comparisons of both signednesses.
#map = affine_map<(d0) -> (d0)>
func.func @main(%x: tensor<37xi32>, %y: tensor<37xi32>) -> tensor<37xi32> {
  %three = arith.constant 3 : i32
  %empty = tensor.empty() : tensor<37xi32>
  %result = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel"]}
      ins(%x, %y : tensor<37xi32>, tensor<37xi32>) outs(%empty : tensor<37xi32>) {
  ^bb0(%a: i32, %b: i32, %out: i32):
    %product = arith.muli %a, %b : i32
    %sum = arith.addi %product, %a : i32
    %difference = arith.subi %sum, %b : i32
    %quotient = arith.divsi %difference, %three : i32
    %remainder = arith.remsi %a, %three : i32
    %left = arith.shli %remainder, %three : i32
    %right = arith.shrsi %b, %three : i32
    %bits = arith.xori %left, %right : i32
    %logical = arith.shrui %bits, %three : i32
    %mixed = arith.ori %quotient, %logical : i32
    %is_less = arith.cmpi slt, %a, %b : i32
    %is_below = arith.cmpi ult, %mixed, %product : i32
    %is_one = arith.xori %is_less, %is_below : i1
    %chosen = arith.select %is_one, %mixed, %bits : i32
    %largest = arith.maxsi %chosen, %quotient : i32
    %least = arith.minui %largest, %sum : i32
    linalg.yield %least : i32
  } -> tensor<37xi32>
  return %result : tensor<37xi32>
}
