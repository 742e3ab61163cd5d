// A row carries what has been combined so far; columns side by side are vectors, with a narrower one for the rest.
// RUN: zellige-opt %s -p convert-linalg-ext-to-loops | filecheck %s

flow.executable @rows {
  func.func @rows(%x: memref<4x8xf32, #hal.memory<device>>, %out: memref<4x8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<4x8xf32, #hal.memory<device>> to tensor<4x8xf32>
    %1 = linalg_ext.scan dimension(1) inclusive(true) reverse(false) ins(%0 : tensor<4x8xf32>) {
    ^bb0(%sum: f32, %a: f32):
      %next = arith.addf %sum, %a : f32
      linalg_ext.yield %next : f32
    } -> tensor<4x8xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<4x8xf32>, memref<4x8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

flow.executable @columns {
  func.func @columns(%x: memref<4x6xf32, #hal.memory<device>>, %out: memref<4x6xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<4x6xf32, #hal.memory<device>> to tensor<4x6xf32>
    %1 = linalg_ext.scan dimension(0) inclusive(true) reverse(false) ins(%0 : tensor<4x6xf32>) {
    ^bb0(%sum: f32, %a: f32):
      %next = arith.addf %sum, %a : f32
      linalg_ext.yield %next : f32
    } -> tensor<4x6xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<4x6xf32>, memref<4x6xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK-LABEL: flow.executable @rows workgroups [1, 1, 1]
// CHECK:         %[[#FIRST:]] = memref.load
// CHECK:         memref.store %[[#FIRST]]
// CHECK:         scf.for %{{.*}} iter_args(%[[#SUM:]] = %[[#FIRST]]) -> (f32) {
// CHECK:           %[[#ELEMENT:]] = memref.load
// CHECK-NEXT:      %next = arith.addf %[[#SUM]], %[[#ELEMENT]] : f32
// CHECK:           memref.store %next
// CHECK:           scf.yield %next : f32

// CHECK-LABEL: flow.executable @columns workgroups [1, 1, 1]
// CHECK:         arith.addf %{{.*}}, %{{.*}} : vector<4xf32>
// CHECK:         arith.addf %{{.*}}, %{{.*}} : vector<2xf32>
