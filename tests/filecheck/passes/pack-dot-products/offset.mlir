// Bytes do not hold a difference: the zero point is multiplied by the sums of the other factor, where the product starts.
// RUN: zellige-opt %s -p 'pack-dot-products{bytes=true}' | filecheck %s

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

// CHECK:      %31 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%b : tensor<8x64xi8>) outs(%28 : tensor<64xi32>)
// CHECK:      %36 = linalg.generic {{.*}} ins(%init, %31, %zero : tensor<32x64xi32>, tensor<64xi32>, tensor<32xi8>)
// CHECK:        %42 = arith.subi %41, %point : i32
// CHECK-NEXT:   %43 = arith.muli %42, %38 : i32
// CHECK-NEXT:   %44 = arith.addi %37, %43 : i32
// CHECK:      %y = linalg.generic {{.*}} ins(%4, %b_1 : tensor<32x2xi32>, tensor<2x64xi32>) outs(%36 : tensor<32x64xi32>)
// CHECK-NEXT: ^bb0(%45: i32, %46: i32, %47: i32):
// CHECK-NEXT:   %48 = packed.dot %45 : ui8, %46 : si8, %47 : i32
