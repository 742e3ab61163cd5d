// A sum that keeps its dimension writes a tensor without it, also the number that it starts from.
// RUN: zellige-opt %s -p collapse-unit-results,erase-dead-ops | filecheck %s

#all = affine_map<(i, j) -> (i, j)>
#kept = affine_map<(i, j) -> (i, 0)>
func.func @main(%x: tensor<?x8xf32> {hal.sizes = array<i64: 1, -1>}, %n: index) -> tensor<?x1xf32> {
  %e = tensor.empty(%n) : tensor<?x1xf32>
  %z = arith.constant 0.0 : f32
  %f = linalg.generic {indexing_maps = [affine_map<(i, j) -> ()>, #all], iterator_types = ["parallel", "parallel"]}
    ins(%z : f32) outs(%e : tensor<?x1xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<?x1xf32>
  %0 = linalg.generic {indexing_maps = [#all, #kept], iterator_types = ["parallel", "reduction"]}
    ins(%x : tensor<?x8xf32>) outs(%f : tensor<?x1xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %o : f32
    linalg.yield %s : f32
  } -> tensor<?x1xf32>
  return %0 : tensor<?x1xf32>
}

// CHECK:      [[E:%\d+]] = tensor.empty(%n) : tensor<?xf32>
// CHECK-NEXT: [[F:%\d+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>], {{.*}} outs([[E]] : tensor<?xf32>)
// CHECK:      [[S:%\d+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], {{.*}} outs([[F]] : tensor<?xf32>)
// CHECK:      [[R:%\d+]] = tensor.expand_shape [[S]] {{.*}} output_shape [%n, 1] : tensor<?xf32> into tensor<?x1xf32>
// CHECK-NEXT: func.return [[R]]
