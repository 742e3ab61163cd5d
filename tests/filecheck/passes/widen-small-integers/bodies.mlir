// Sums are shifted left and right, what is read as unsigned is masked, and casts within a byte are gone.
// RUN: zellige-opt %s -p widen-small-integers | filecheck %s

func.func @main(%x: tensor<8xi8>) -> tensor<8xi8> {
  %two = arith.constant dense<-2> : tensor<8xi4>
  %e = tensor.empty() : tensor<8xi8>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                       iterator_types = ["parallel"]}
      ins(%x, %two : tensor<8xi8>, tensor<8xi4>) outs(%e : tensor<8xi8>) {
  ^bb0(%a: i8, %b: i4, %o: i8):
    %low = arith.trunci %a : i8 to i4
    %seven = arith.constant -7 : i4
    %least = arith.minui %low, %seven : i4
    %is_less = arith.cmpi ult, %least, %b : i4
    %chosen = arith.select %is_less, %least, %b : i4
    %wide = arith.extui %chosen : i4 to i8
    linalg.yield %wide : i8
  } -> tensor<8xi8>
  return %0 : tensor<8xi8>
}

// CHECK:      %two = arith.constant dense<-2> : tensor<8xi8>
// CHECK:      ^{{.*}}(%a: i8, %b: i8, %o: i8):
// CHECK-NEXT:   %[[FOUR:.*]] = arith.constant 4 : i8
// CHECK-NEXT:   %[[UP:.*]] = arith.shli %a, %[[FOUR]] : i8
// CHECK-NEXT:   %low = arith.shrsi %[[UP]], %[[FOUR]] : i8
// CHECK-NEXT:   %seven = arith.constant -7 : i8
// CHECK-NEXT:   %least = arith.minui %low, %seven : i8
// CHECK-NEXT:   %is_less = arith.cmpi ult, %least, %b : i8
// CHECK-NEXT:   %chosen = arith.select %is_less, %least, %b : i8
// CHECK-NEXT:   %[[MASK:.*]] = arith.constant 15 : i8
// CHECK-NEXT:   %wide = arith.andi %chosen, %[[MASK]] : i8
// CHECK-NEXT:   linalg.yield %wide : i8
