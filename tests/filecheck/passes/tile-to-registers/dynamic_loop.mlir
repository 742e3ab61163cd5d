// A dynamic loop runs in steps of its tile, then in steps of a quarter of it, and so on to 1: tiles have static sizes.
// RUN: zellige-opt %s -p tile-to-registers | filecheck %s

flow.executable @copy {
  func.func @copy(%x: memref<?xf32, #hal.memory<device>> {hal.sizes = array<i64: 1>}, %n: index,
                  %out: memref<?xf32, #hal.memory<device>> {hal.sizes = array<i64: 1>}) {
    %0 = bufferization.to_tensor %x restrict : memref<?xf32, #hal.memory<device>> to tensor<?xf32>
    %e = tensor.empty(%n) : tensor<?xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<?xf32>) outs(%e : tensor<?xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [4]>} {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    } -> tensor<?xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<?xf32>, memref<?xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %[[FOUR:.*]] = arith.constant 4 : index
// CHECK-NEXT: %[[REST:.*]] = arith.remui %n, %[[FOUR]] : index
// CHECK-NEXT: %[[WHOLE:.*]] = arith.subi %n, %[[REST]] : index
// CHECK:      scf.for %[[I:.*]] = %{{.*}} to %[[WHOLE]] step %{{.*}} {
// CHECK-NEXT:   tensor.extract_slice %{{.*}}[%[[I]]] [4] [1] : tensor<?xf32> to tensor<4xf32>
// CHECK:      scf.for %[[J:.*]] = %[[WHOLE]] to %n step %{{.*}} {
// CHECK-NEXT:   tensor.extract_slice %{{.*}}[%[[J]]] [1] [1] : tensor<?xf32> to tensor<1xf32>
