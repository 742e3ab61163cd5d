// Nests that go row by row, and read of each other the row that they are at, run in one loop over rows.
// RUN: zellige-opt %s -p 'tile-to-registers' | filecheck %s

flow.executable @rows {
  func.func @rows(%a: memref<4x8xf32, #hal.memory<device>> {llvm.noalias}, %out: memref<4x8xf32, #hal.memory<device>> {llvm.noalias}) {
    %0 = bufferization.to_tensor %a restrict : memref<4x8xf32, #hal.memory<device>> to tensor<4x8xf32>
    %s = tensor.empty() : tensor<4xf32>
    %sum = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<4x8xf32>) outs(%s : tensor<4xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %o: f32):
      %n = arith.addf %x, %o : f32
      linalg.yield %n : f32
    } -> tensor<4xf32>
    %e = tensor.empty() : tensor<4x8xf32>
    %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%0, %sum : tensor<4x8xf32>, tensor<4xf32>) outs(%e : tensor<4x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %t: f32, %o: f32):
      %n = arith.mulf %x, %t : f32
      linalg.yield %n : f32
    } -> tensor<4x8xf32>
    bufferization.materialize_in_destination %y in restrict writable %out : (tensor<4x8xf32>, memref<4x8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK-LABEL: func.func @rows
// CHECK:       %[[SUMS:.*]] = memref.alloc() : memref<4xf32, #hal.memory<local>>
// CHECK:       scf.for %[[ROW:.*]] = %{{.*}} to %{{.*}} step
// CHECK:       arith.addf
// CHECK:       memref.subview %[[SUMS]][%[[ROW]]]
// CHECK-NEXT:  bufferization.materialize_in_destination
// CHECK-NEXT:  %[[READ:.*]] = bufferization.to_tensor %[[SUMS]] restrict
// CHECK:       scf.for %[[COLUMN:.*]] = %{{.*}} to %{{.*}} step
// CHECK:       tensor.extract_slice %[[READ]][%[[ROW]]]
// CHECK:       memref.subview %out[%[[ROW]], %[[COLUMN]]]
// CHECK-NOT:   scf.for
// CHECK:       func.return

// What the last of them makes is read after the loop by others.
flow.executable @used_after {
  func.func @used_after(%a: memref<4x8xf32, #hal.memory<device>> {llvm.noalias}, %out: memref<8xf32, #hal.memory<device>> {llvm.noalias}) {
    %0 = bufferization.to_tensor %a restrict : memref<4x8xf32, #hal.memory<device>> to tensor<4x8xf32>
    %s = tensor.empty() : tensor<4xf32>
    %sum = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<4x8xf32>) outs(%s : tensor<4xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %o: f32):
      %n = arith.addf %x, %o : f32
      linalg.yield %n : f32
    } -> tensor<4xf32>
    %f = tensor.empty() : tensor<8xf32>
    %e = tensor.empty() : tensor<4x8xf32>
    %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%0, %sum : tensor<4x8xf32>, tensor<4xf32>) outs(%e : tensor<4x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%x: f32, %t: f32, %o: f32):
      %n = arith.mulf %x, %t : f32
      linalg.yield %n : f32
    } -> tensor<4x8xf32>
    %z = linalg.generic {indexing_maps = [affine_map<(j, i) -> (i, j)>, affine_map<(j, i) -> (j)>], iterator_types = ["parallel", "reduction"]} ins(%y : tensor<4x8xf32>) outs(%f : tensor<8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 1]>} {
    ^bb0(%x: f32, %o: f32):
      %n = arith.addf %x, %o : f32
      linalg.yield %n : f32
    } -> tensor<8xf32>
    bufferization.materialize_in_destination %z in restrict writable %out : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK-LABEL: func.func @used_after
// CHECK:       %[[ROWS:.*]] = memref.alloc() : memref<4x8xf32, #hal.memory<local>>
// CHECK:       memref.subview %[[ROWS]]
// CHECK:       }
// CHECK:       %[[ALL:.*]] = bufferization.to_tensor %[[ROWS]] restrict
// CHECK:       tensor.extract_slice %[[ALL]]
