// The last workgroup of a dynamic loop can be short, and a grid counts the workgroups from the argument with the size.
// RUN: zellige-opt %s -p tile-to-workgroups | filecheck %s

flow.executable @copy {
  func.func @copy(%x: memref<?x8xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, -1>}, %n: index,
                  %out: memref<?x8xf32, #hal.memory<device>> {hal.sizes = array<i64: 1, -1>}) {
    %0 = bufferization.to_tensor %x restrict : memref<?x8xf32, #hal.memory<device>> to tensor<?x8xf32>
    %e = tensor.empty(%n) : tensor<?x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [16, 0] tile [1, 8]>} {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    } -> tensor<?x8xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<?x8xf32>, memref<?x8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      flow.executable @copy grid affine_map<()[s0, s1, s2] -> ((s1 ceildiv 16), 1, 1)>
// CHECK:      %[[ID:.*]] = hal.workgroup_id 0
// CHECK-NEXT: %[[PART:.*]] = arith.constant 16 : index
// CHECK-NEXT: %[[START:.*]] = arith.muli %[[ID]], %[[PART]] : index
// CHECK-NEXT: %[[LEFT:.*]] = arith.subi %n, %[[START]] : index
// CHECK-NEXT: %[[MOST:.*]] = arith.constant 16 : index
// CHECK-NEXT: %[[SIZE:.*]] = arith.minsi %[[LEFT]], %[[MOST]] : index
// CHECK-NEXT: %[[PLACE:.*]] = memref.subview %out[%[[START]], 0] [%[[SIZE]], 8] [1, 1]
// CHECK-NEXT: tensor.extract_slice %{{.*}}[%[[START]], 0] [%[[SIZE]], 8] [1, 1] : tensor<?x8xf32> to tensor<?x8xf32>
// CHECK-NEXT: tensor.empty(%[[SIZE]]) : tensor<?x8xf32>
