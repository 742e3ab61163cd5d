// Rows are read as words where they stand, columns are put together; what groups of four leave is added as it was.
// RUN: zellige-opt %s -p 'pack-dot-products{bytes=true}' | filecheck %s

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#y = affine_map<(m, n, k) -> (m, n)>
flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: tensor<32x22xi8>, %b: tensor<22x64xi8>, %init: tensor<32x64xi32>) -> tensor<32x64xi32> {
    %y = linalg.generic {indexing_maps = [#a, #b, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%a, %b : tensor<32x22xi8>, tensor<22x64xi8>) outs(%init : tensor<32x64xi32>)
        attrs = {hal.schedule = #hal.schedule<workgroup [0, 0, 0] tile [2, 16, 1]>} {
    ^bb0(%x: i8, %w: i8, %sum: i32):
      %left = arith.extsi %x : i8 to i32
      %right = arith.extui %w : i8 to i32
      %product = arith.muli %left, %right : i32
      %next = arith.addi %product, %sum : i32
      linalg.yield %next : i32
    } -> tensor<32x64xi32>
    func.return %y : tensor<32x64xi32>
  }
}

// CHECK:      %a_1 = tensor.extract_slice %a[0, 0] [32, 20] [1, 1] : tensor<32x22xi8> to tensor<32x20xi8>
// CHECK:      %a_2 = linalg.generic {{.*}} ins(%a_1 : tensor<32x20xi8>) outs(%0 : tensor<32x20xi8>)
// CHECK:      %4 = packed.words %a_2 : tensor<32x20xi8> to tensor<32x5xi32>
// CHECK-NEXT: %5 = tensor.empty() : tensor<5x64xi32>
// CHECK-NEXT: %b_1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> ((d0 * 4), d1)>, affine_map<(d0, d1) -> (((d0 * 4) + 1), d1)>, affine_map<(d0, d1) -> (((d0 * 4) + 2), d1)>, affine_map<(d0, d1) -> (((d0 * 4) + 3), d1)>, affine_map<(d0, d1) -> (d0, d1)>]
// CHECK:      %y = linalg.generic {{.*}} ins(%4, %b_1 : tensor<32x5xi32>, tensor<5x64xi32>) outs(%init : tensor<32x64xi32>) attrs =  {hal.schedule = #hal.schedule<workgroup [0, 0, 0] tile [2, 16, 1] pack [1]>} {
// CHECK-NEXT: ^bb0(%26: i32, %27: i32, %28: i32):
// CHECK-NEXT:   %29 = packed.dot %27 : ui8, %26 : si8, %28 : i32
// CHECK:      %a_3 = tensor.extract_slice %a[0, 20] [32, 2] [1, 1] : tensor<32x22xi8> to tensor<32x2xi8>
// CHECK-NEXT: %b_2 = tensor.extract_slice %b[20, 0] [2, 64] [1, 1] : tensor<22x64xi8> to tensor<2x64xi8>
// CHECK-NEXT: %y_1 = linalg.generic {{.*}} ins(%a_3, %b_2 : tensor<32x2xi8>, tensor<2x64xi8>) outs(%y : tensor<32x64xi32>)
// CHECK:      func.return %y_1 : tensor<32x64xi32>
