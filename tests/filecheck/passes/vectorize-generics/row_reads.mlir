// A read inside of a body that goes along the vector is one read of neighbours; the rest of the index is computed once.
// RUN: zellige-opt %s -p vectorize-generics | filecheck %s

flow.executable @rows workgroups [1, 1, 1] {
  func.func @rows(%i: memref<1xi32, #hal.memory<device>>, %x: memref<9x4xf32, #hal.memory<device>>, %out: memref<1x4xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %i restrict : memref<1xi32, #hal.memory<device>> to tensor<1xi32>
    %1 = bufferization.to_tensor %x restrict : memref<9x4xf32, #hal.memory<device>> to tensor<9x4xf32>
    %e = tensor.empty() : tensor<1x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<1xi32>) outs(%e : tensor<1x4xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>} {
    ^bb0(%in: i32, %o: f32):
      %row = arith.index_cast %in : i32 to index
      %column = linalg.index 1 : index
      %a = tensor.extract %1[%row, %column] : tensor<9x4xf32>
      %b = arith.addf %a, %a : f32
      linalg.yield %b : f32
    } -> tensor<1x4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<1x4xf32>, memref<1x4xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %row = arith.index_cast %{{.*}} : i32 to index
// CHECK:      %[[#NEIGHBOURS:]] = vector.transfer_read %{{.*}}[%row, %{{.*}}], %{{.*}} {in_bounds = [true]} : tensor<9x4xf32>, vector<4xf32>
// CHECK-NEXT: %b = arith.addf %[[#NEIGHBOURS]], %[[#NEIGHBOURS]] : vector<4xf32>
