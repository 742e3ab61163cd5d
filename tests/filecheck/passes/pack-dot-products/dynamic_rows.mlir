// Rows of dynamic number are packed where the workgroup's part of them has a bound.
// RUN: zellige-opt %s -p pack-dot-products | filecheck %s

flow.executable @k grid affine_map<()[s0, s1, s2, s3] -> ((s1 ceildiv 32), 1, 1)> {
  func.func @k(%a: memref<?x64xi8, #hal.memory<device>> {hal.sizes = array<i64: 1, -1>}, %n: index, %b: memref<64x48xi8, #hal.memory<device>>,
               %out: memref<?x48xi32, #hal.memory<device>> {hal.sizes = array<i64: 1, -1>}) {
    %id = hal.workgroup_id 0
    %part = arith.constant 32 : index
    %start = arith.muli %id, %part : index
    %left = arith.subi %n, %start : index
    %size = arith.minsi %left, %part : index
    %0 = bufferization.to_tensor %a restrict : memref<?x64xi8, #hal.memory<device>> to tensor<?x64xi8>
    %1 = bufferization.to_tensor %b restrict : memref<64x48xi8, #hal.memory<device>> to tensor<64x48xi8>
    %rows = tensor.extract_slice %0[%start, 0] [%size, 64] [1, 1] : tensor<?x64xi8> to tensor<?x64xi8>
    %e = tensor.empty(%size) : tensor<?x48xi32>
    %zero = arith.constant 0 : i32
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%zero : i32) outs(%e : tensor<?x48xi32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [2, 16]>} {
    ^bb0(%x: i32, %y: i32):
      linalg.yield %x : i32
    } -> tensor<?x48xi32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%rows, %1 : tensor<?x64xi8>, tensor<64x48xi8>) outs(%2 : tensor<?x48xi32>) attrs = {hal.schedule = #hal.schedule<workgroup [32, 0, 0] tile [2, 16, 1]>} {
    ^bb0(%x: i8, %y: i8, %sum: i32):
      %p = arith.extsi %x : i8 to i32
      %q = arith.extsi %y : i8 to i32
      %t = arith.muli %p, %q : i32
      %s = arith.addi %sum, %t : i32
      linalg.yield %s : i32
    } -> tensor<?x48xi32>
    %place = memref.subview %out[%start, 0] [%size, 48] [1, 1] : memref<?x48xi32, #hal.memory<device>> to memref<?x48xi32, strided<[48, 1], offset: ?>, #hal.memory<device>>
    bufferization.materialize_in_destination %3 in restrict writable %place : (tensor<?x48xi32>, memref<?x48xi32, strided<[48, 1], offset: ?>, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      tensor.empty(%size) : tensor<?x64xi16>
// CHECK:      packed.words %{{.*}} : tensor<?x64xi16> to tensor<?x32xi32>
// CHECK:      packed.dot
