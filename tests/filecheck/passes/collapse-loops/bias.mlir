// The two loops over an image become one; the loop over channels, which the bias reads alone, stays apart.
// RUN: zellige-opt %s -p collapse-loops | filecheck %s

#image = affine_map<(c, h, w) -> (c, h, w)>
#channel = affine_map<(c, h, w) -> (c)>
flow.executable @bias {
  func.func @bias(%x: memref<8x7x5xf32, #hal.memory<device>>, %b: memref<8xf32, #hal.memory<constant>>,
                  %out: memref<8x7x5xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<8x7x5xf32, #hal.memory<device>> to tensor<8x7x5xf32>
    %1 = bufferization.to_tensor %b restrict : memref<8xf32, #hal.memory<constant>> to tensor<8xf32>
    %e = tensor.empty() : tensor<8x7x5xf32>
    %2 = linalg.generic {indexing_maps = [#image, #channel, #image], iterator_types = ["parallel", "parallel", "parallel"]}
         ins(%0, %1 : tensor<8x7x5xf32>, tensor<8xf32>) outs(%e : tensor<8x7x5xf32>) {
    ^bb0(%a: f32, %c: f32, %o: f32):
      %s = arith.addf %a, %c : f32
      linalg.yield %s : f32
    } -> tensor<8x7x5xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out
      : (tensor<8x7x5xf32>, memref<8x7x5xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      [[OUT:%.*]] = memref.reinterpret_cast %out to offset: [0], sizes: [8, 35], strides: [35, 1]
// CHECK:      [[X:%.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0{{.*}}], [1{{.*}}, 2{{.*}}]] : tensor<8x7x5xf32> into tensor<8x35xf32>
// CHECK:      [[R:%.*]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
// CHECK:      bufferization.materialize_in_destination [[R]] in restrict writable [[OUT]]
