// Arithmetic of i8 that wraps, division towards zero, shifts, bits and comparisons of both signednesses.
#map = affine_map<(d0) -> (d0)>
func.func @main(%x: tensor<37xi8>, %y: tensor<37xi8>) -> tensor<37xi8> {
  %three = arith.constant 3 : i8
  %empty = tensor.empty() : tensor<37xi8>
  %result = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel"]}
      ins(%x, %y : tensor<37xi8>, tensor<37xi8>) outs(%empty : tensor<37xi8>) {
  ^bb0(%a: i8, %b: i8, %out: i8):
    %product = arith.muli %a, %b : i8
    %sum = arith.addi %product, %a : i8
    %difference = arith.subi %sum, %b : i8
    %quotient = arith.divsi %difference, %three : i8
    %remainder = arith.remsi %a, %three : i8
    %left = arith.shli %remainder, %three : i8
    %right = arith.shrsi %b, %three : i8
    %bits = arith.xori %left, %right : i8
    %logical = arith.shrui %bits, %three : i8
    %mixed = arith.ori %quotient, %logical : i8
    %is_less = arith.cmpi slt, %a, %b : i8
    %is_below = arith.cmpi ult, %mixed, %product : i8
    %is_one = arith.xori %is_less, %is_below : i1
    %chosen = arith.select %is_one, %mixed, %bits : i8
    %largest = arith.maxsi %chosen, %quotient : i8
    %least = arith.minui %largest, %sum : i8
    linalg.yield %least : i8
  } -> tensor<37xi8>
  return %result : tensor<37xi8>
}
