// Arithmetic of i16 that wraps, division towards zero, shifts, bits and comparisons of both signednesses.
#map = affine_map<(d0) -> (d0)>
func.func @main(%x: tensor<37xi16>, %y: tensor<37xi16>) -> tensor<37xi16> {
  %three = arith.constant 3 : i16
  %empty = tensor.empty() : tensor<37xi16>
  %result = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel"]}
      ins(%x, %y : tensor<37xi16>, tensor<37xi16>) outs(%empty : tensor<37xi16>) {
  ^bb0(%a: i16, %b: i16, %out: i16):
    %product = arith.muli %a, %b : i16
    %sum = arith.addi %product, %a : i16
    %difference = arith.subi %sum, %b : i16
    %quotient = arith.divsi %difference, %three : i16
    %remainder = arith.remsi %a, %three : i16
    %left = arith.shli %remainder, %three : i16
    %right = arith.shrsi %b, %three : i16
    %bits = arith.xori %left, %right : i16
    %logical = arith.shrui %bits, %three : i16
    %mixed = arith.ori %quotient, %logical : i16
    %is_less = arith.cmpi slt, %a, %b : i16
    %is_below = arith.cmpi ult, %mixed, %product : i16
    %is_one = arith.xori %is_less, %is_below : i1
    %chosen = arith.select %is_one, %mixed, %bits : i16
    %largest = arith.maxsi %chosen, %quotient : i16
    %least = arith.minui %largest, %sum : i16
    linalg.yield %least : i16
  } -> tensor<37xi16>
  return %result : tensor<37xi16>
}
