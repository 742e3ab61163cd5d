// Factors that may be larger than 16 bits stay as they are.
// RUN: zellige-opt %s -p 'pack-dot-products{bytes=true}' | filecheck %s

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#y = affine_map<(m, n, k) -> (m, n)>
flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: tensor<32x8xi32>, %b: tensor<8x64xi8>, %init: tensor<32x64xi32>) -> tensor<32x64xi32> {
    %y = linalg.generic {indexing_maps = [#a, #b, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%a, %b : tensor<32x8xi32>, tensor<8x64xi8>) outs(%init : tensor<32x64xi32>)
        attrs = {hal.schedule = #hal.schedule<workgroup [0, 0, 0] tile [2, 16, 1]>} {
    ^bb0(%left: i32, %w: i8, %sum: i32):
      %right = arith.extui %w : i8 to i32
      %product = arith.muli %left, %right : i32
      %next = arith.addi %sum, %product : i32
      linalg.yield %next : i32
    } -> tensor<32x64xi32>
    func.return %y : tensor<32x64xi32>
  }
}

// CHECK-NOT: packed.
