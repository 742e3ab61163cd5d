// A body that reads neighbours along the last loop has vectors; one that goes backwards, or down a column, has not.
// RUN: zellige-opt %s -p select-schedules | filecheck %s

flow.executable @rows {
  func.func @rows(%i: memref<4xi32, #hal.memory<device>>, %x: memref<9x21xf32, #hal.memory<device>>, %out: memref<4x21xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %i restrict : memref<4xi32, #hal.memory<device>> to tensor<4xi32>
    %1 = bufferization.to_tensor %x restrict : memref<9x21xf32, #hal.memory<device>> to tensor<9x21xf32>
    %e = tensor.empty() : tensor<4x21xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<4xi32>) outs(%e : tensor<4x21xf32>) {
    ^bb0(%in: i32, %o: f32):
      %row = arith.index_cast %in : i32 to index
      %column = linalg.index 1 : index
      %a = tensor.extract %1[%row, %column] : tensor<9x21xf32>
      %b = arith.addf %a, %a : f32
      linalg.yield %b : f32
    } -> tensor<4x21xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<4x21xf32>, memref<4x21xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

flow.executable @backwards {
  func.func @backwards(%x: memref<9x21xf32, #hal.memory<device>>, %out: memref<4x21xf32, #hal.memory<device>>) {
    %1 = bufferization.to_tensor %x restrict : memref<9x21xf32, #hal.memory<device>> to tensor<9x21xf32>
    %e = tensor.empty() : tensor<4x21xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<4x21xf32>) {
    ^bb0(%o: f32):
      %last = arith.constant 20 : index
      %row = linalg.index 0 : index
      %column = linalg.index 1 : index
      %from = arith.subi %last, %column : index
      %a = tensor.extract %1[%row, %from] : tensor<9x21xf32>
      linalg.yield %a : f32
    } -> tensor<4x21xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<4x21xf32>, memref<4x21xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

flow.executable @column {
  func.func @column(%x: memref<21x9xf32, #hal.memory<device>>, %out: memref<4x21xf32, #hal.memory<device>>) {
    %1 = bufferization.to_tensor %x restrict : memref<21x9xf32, #hal.memory<device>> to tensor<21x9xf32>
    %e = tensor.empty() : tensor<4x21xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<4x21xf32>) {
    ^bb0(%o: f32):
      %row = linalg.index 0 : index
      %column = linalg.index 1 : index
      %a = tensor.extract %1[%column, %row] : tensor<21x9xf32>
      linalg.yield %a : f32
    } -> tensor<4x21xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<4x21xf32>, memref<4x21xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK-LABEL: flow.executable @rows
// CHECK:         tile [1, 16]>
// CHECK-LABEL: flow.executable @backwards
// CHECK:         tile [1, 1]>
// CHECK-LABEL: flow.executable @column
// CHECK:         tile [1, 1]>
