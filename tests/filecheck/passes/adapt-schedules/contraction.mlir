// The tiles of a contraction, and which of its inputs get panels, become those of the target.
// RUN: zellige-opt %s -p 'adapt-schedules{target=avx512}' | filecheck %s --check-prefix=WIDE
// RUN: zellige-opt %s -p 'adapt-schedules{target=avx2}' | filecheck %s --check-prefix=NARROW

flow.executable @matmul workgroups [1, 2, 1] {
  func.func @matmul(%a: memref<64x64xf32, #hal.memory<device>>, %b: memref<64x96xf32, #hal.memory<device>>, %c: memref<64x96xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<64x64xf32, #hal.memory<device>> to tensor<64x64xf32>
    %1 = bufferization.to_tensor %b restrict : memref<64x96xf32, #hal.memory<device>> to tensor<64x96xf32>
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<64x96xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<64x96xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [2, 16]>} {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
    } -> tensor<64x96xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%0, %1 : tensor<64x64xf32>, tensor<64x96xf32>) outs(%2 : tensor<64x96xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [64, 0, 0] tile [2, 16, 1]>} {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %m = arith.mulf %p, %q : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
    } -> tensor<64x96xf32>
    bufferization.materialize_in_destination %3 in restrict writable %c : (tensor<64x96xf32>, memref<64x96xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// WIDE:   outs(%e : tensor<64x96xf32>) attrs =  {hal.schedule = #hal.schedule<workgroup [0, 0] tile [8, 32]>} {
// WIDE:   outs(%2 : tensor<64x96xf32>) attrs =  {hal.schedule = #hal.schedule<workgroup [64, 0, 0] tile [8, 32, 1] pack [1]>} {
// NARROW: outs(%e : tensor<64x96xf32>) attrs =  {hal.schedule = #hal.schedule<workgroup [0, 0] tile [6, 16]>} {
// NARROW: outs(%2 : tensor<64x96xf32>) attrs =  {hal.schedule = #hal.schedule<workgroup [64, 0, 0] tile [6, 16, 1] pack [1]>} {
