// A maximum may take the same value twice: its lanes start at the first one, also where the maximum is a comparison.
// RUN: zellige-opt %s -p 'vectorize-generics' | filecheck %s

flow.executable @maximum workgroups [1, 1, 1] {
  func.func @maximum(%a: memref<12xf32, #hal.memory<device>>, %out: memref<f32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<12xf32, #hal.memory<device>> to tensor<12xf32>
    %1 = bufferization.to_tensor %out restrict : memref<f32, #hal.memory<device>> to tensor<f32>
    %2 = linalg.generic {indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> ()>], iterator_types = ["reduction"]} ins(%0 : tensor<12xf32>) outs(%1 : tensor<f32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [4]>} {
    ^bb0(%p: f32, %o: f32):
      %greater = arith.cmpf olt, %o, %p : f32
      %s = arith.select %greater, %p, %o : f32
      linalg.yield %s : f32
    } -> tensor<f32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<f32>, memref<f32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %[[INIT:.*]] = tensor.extract %1[] : tensor<f32>
// CHECK-NEXT: %[[START:.*]] = vector.broadcast %[[INIT]] : f32 to vector<4xf32>
// CHECK:      %[[LANES:.*]] = scf.for {{.*}} iter_args(%[[SOFAR:.*]] = %[[START]]) -> (vector<4xf32>) {
// CHECK:        %[[X:.*]] = vector.transfer_read
// CHECK-NEXT:   %[[GREATER:.*]] = arith.cmpf olt, %[[SOFAR]], %[[X]] : vector<4xf32>
// CHECK-NEXT:   arith.select %[[GREATER]], %[[X]], %[[SOFAR]] : vector<4xi1>, vector<4xf32>
// CHECK:      %[[RESULT:.*]] = vector.reduction <maxnumf>, %[[LANES]] : vector<4xf32> into f32
// CHECK-NEXT: memref.store %[[RESULT]], %out[]
