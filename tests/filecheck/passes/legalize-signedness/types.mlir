// Types with signs become signless everywhere, in signatures and constants too, and their casts go; that arguments and
// results are unsigned is noted.
// RUN: zellige-opt %s -p legalize-signedness | filecheck %s

func.func @f(%x: ui8, %y: tensor<2xsi16>) -> (ui8, tensor<2xsi16>, tensor<2xui8>) {
  %0 = builtin.unrealized_conversion_cast %x : ui8 to i8
  %1 = arith.addi %0, %0 : i8
  %2 = builtin.unrealized_conversion_cast %1 : i8 to ui8
  %3 = arith.constant dense<[1, 255]> : tensor<2xui8>
  return %2, %y, %3 : ui8, tensor<2xsi16>, tensor<2xui8>
}

// CHECK:      func.func @f(%x: i8 {hal.type = tensor<ui8>}, %y: tensor<2xi16>)
// CHECK-SAME:   -> (i8 {hal.type = tensor<ui8>}, tensor<2xi16>, tensor<2xi8> {hal.type = tensor<2xui8>}) {
// CHECK-NEXT:   %0 = arith.addi %x, %x : i8
// CHECK-NEXT:   %1 = arith.constant dense<[1, -1]> : tensor<2xi8>
// CHECK-NEXT:   func.return %0, %y, %1 : i8, tensor<2xi16>, tensor<2xi8>
