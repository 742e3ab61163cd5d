// A row of dynamic length is summed up in vectors of 4, and what is left element by element.
// RUN: zellige-opt %s -p vectorize-generics | filecheck %s

flow.executable @sum workgroups [1, 1, 1] {
  func.func @sum(%x: memref<1x?xf32, #hal.memory<device>> {hal.sizes = array<i64: -1, 1>}, %n: index, %out: memref<1xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<1x?xf32, #hal.memory<device>> to tensor<1x?xf32>
    %1 = bufferization.to_tensor %out restrict : memref<1xf32, #hal.memory<device>> to tensor<1xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<1x?xf32>) outs(%1 : tensor<1xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%a: f32, %sum: f32):
      %next = arith.addf %a, %sum : f32
      linalg.yield %next : f32
    } -> tensor<1xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<1xf32>, memref<1xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %[[REST:.*]] = arith.remui %n, %{{.*}} : index
// CHECK-NEXT: %[[WHOLE:.*]] = arith.subi %n, %[[REST]] : index
// CHECK:      %[[LANES:.*]] = scf.for %{{.*}} = %{{.*}} to %[[WHOLE]] step %{{.*}} iter_args(%{{.*}} = %{{.*}}) -> (vector<4xf32>)
// CHECK:      %[[ACROSS:.*]] = vector.reduction <add>, %[[LANES]] : vector<4xf32> into f32
// CHECK-NEXT: %[[TOTAL:.*]] = arith.addf %{{.*}}, %[[ACROSS]] : f32
// CHECK:      scf.for %{{.*}} = %[[WHOLE]] to %n step %{{.*}} iter_args(%{{.*}} = %[[TOTAL]]) -> (f32)
