// A value that the result overwrites stands in the result's bytes, unless an argument may share them.
// RUN: zellige-opt %s -p 'tile-to-registers' | filecheck %s

flow.executable @lent {
  func.func @lent(%a: memref<4x8xf32, #hal.memory<device>> {llvm.noalias}, %out: memref<4x8xf32, #hal.memory<device>> {llvm.noalias}) {
    %0 = bufferization.to_tensor %a restrict : memref<4x8xf32, #hal.memory<device>> to tensor<4x8xf32>
    %e = tensor.empty() : tensor<4x8xf32>
    %made = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %o: f32):
      %n = arith.negf %x : f32
      linalg.yield %n : f32
    } -> tensor<4x8xf32>
    %s = tensor.empty() : tensor<4xf32>
    %sum = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%made : tensor<4x8xf32>) outs(%s : tensor<4xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %o: f32):
      %n = arith.addf %x, %o : f32
      linalg.yield %n : f32
    } -> tensor<4xf32>
    %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%made, %sum : tensor<4x8xf32>, tensor<4xf32>) outs(%e : tensor<4x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %t: f32, %o: f32):
      %n = arith.mulf %x, %t : f32
      linalg.yield %n : f32
    } -> tensor<4x8xf32>
    bufferization.materialize_in_destination %y in restrict writable %out : (tensor<4x8xf32>, memref<4x8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK-LABEL: func.func @lent
// CHECK-NOT:   memref.alloc() : memref<4x8xf32
// CHECK:       arith.negf
// CHECK:       [[PLACE:%.*]] = memref.subview %out[
// CHECK-NEXT:  bufferization.materialize_in_destination {{.*}} [[PLACE]]
// CHECK:       bufferization.to_tensor %out restrict

flow.executable @shared {
  func.func @shared(%a: memref<4x8xf32, #hal.memory<device>>, %b: memref<4x8xf32, #hal.memory<device>> {llvm.noalias}, %out: memref<4x8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<4x8xf32, #hal.memory<device>> to tensor<4x8xf32>
    %1 = bufferization.to_tensor %b restrict : memref<4x8xf32, #hal.memory<device>> to tensor<4x8xf32>
    %e = tensor.empty() : tensor<4x8xf32>
    %made = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%1 : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %o: f32):
      %n = arith.negf %x : f32
      linalg.yield %n : f32
    } -> tensor<4x8xf32>
    %s = tensor.empty() : tensor<4xf32>
    %sum = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%made : tensor<4x8xf32>) outs(%s : tensor<4xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %o: f32):
      %n = arith.addf %x, %o : f32
      linalg.yield %n : f32
    } -> tensor<4xf32>
    %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%made, %sum, %0 : tensor<4x8xf32>, tensor<4xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %t: f32, %z: f32, %o: f32):
      %m = arith.mulf %x, %t : f32
      %n = arith.addf %m, %z : f32
      linalg.yield %n : f32
    } -> tensor<4x8xf32>
    bufferization.materialize_in_destination %y in restrict writable %out : (tensor<4x8xf32>, memref<4x8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK-LABEL: func.func @shared
// CHECK:       memref.alloc() : memref<4x8xf32, #hal.memory<local>>
