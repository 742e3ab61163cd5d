// A zero point is subtracted before packing: halves hold the difference.
// RUN: zellige-opt %s -p 'pack-dot-products' | filecheck %s

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#z = affine_map<(m, n, k) -> (m)>
#y = affine_map<(m, n, k) -> (m, n)>
flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: tensor<32x8xi8>, %zero: tensor<32xi8>, %b: tensor<8x64xi8>, %init: tensor<32x64xi32>) -> tensor<32x64xi32> {
    %y = linalg.generic {indexing_maps = [#a, #z, #b, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%a, %zero, %b : tensor<32x8xi8>, tensor<32xi8>, tensor<8x64xi8>) outs(%init : tensor<32x64xi32>)
        attrs = {hal.schedule = #hal.schedule<workgroup [0, 0, 0] tile [2, 16, 1]>} {
    ^bb0(%x: i8, %z: i8, %w: i8, %sum: i32):
      %value = arith.extui %x : i8 to i32
      %point = arith.extui %z : i8 to i32
      %left = arith.subi %value, %point : i32
      %right = arith.extsi %w : i8 to i32
      %product = arith.muli %left, %right : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    } -> tensor<32x64xi32>
    func.return %y : tensor<32x64xi32>
  }
}

// CHECK:      %a_1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>]{{.*}} ins(%a, %zero : tensor<32x8xi8>, tensor<32xi8>) outs(%0 : tensor<32x8xi16>)
// CHECK:        %left = arith.subi %value, %point : i32
// CHECK-NEXT:   %4 = arith.trunci %left : i32 to i16
// CHECK:      %y = linalg.generic {{.*}} outs(%init : tensor<32x64xi32>)
// CHECK-NEXT: ^bb0(%15: i32, %16: i32, %17: i32):
// CHECK-NEXT:   %18 = packed.dot %15 : si16, %16 : si16, %17 : i32
