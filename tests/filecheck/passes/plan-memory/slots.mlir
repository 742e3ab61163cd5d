// Values whose sizes are multiples of one product of dynamic sizes share a slot; where they do not live together, also bytes.
// RUN: zellige-opt %s -p plan-memory | filecheck %s

flow.executable @grow {
  func.func @grow(%x: tensor<?x4xf32> {hal.sizes = array<i64: 1, -1>}, %n: index) -> tensor<?x8xf32> {
    %e = tensor.empty(%n) : tensor<?x8xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
         ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x8xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    } -> tensor<?x8xf32>
    func.return %0 : tensor<?x8xf32>
  }
}
flow.executable @shrink {
  func.func @shrink(%x: tensor<?x8xf32> {hal.sizes = array<i64: 1, -1>}, %n: index) -> tensor<?x4xf32> {
    %e = tensor.empty(%n) : tensor<?x4xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
         ins(%x : tensor<?x8xf32>) outs(%e : tensor<?x4xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    } -> tensor<?x4xf32>
    func.return %0 : tensor<?x4xf32>
  }
}
func.func @main(%x: tensor<?x4xf32> {hal.sizes = array<i64: 1, -1>}, %n: index) -> tensor<?x8xf32> {
  %0 = flow.dispatch @grow(%x, %n) {hal.sizes = [array<i64: 1, -1>]} : (tensor<?x4xf32>, index) -> tensor<?x8xf32>
  %1 = flow.dispatch @shrink(%0, %n) {hal.sizes = [array<i64: 1, -1>]} : (tensor<?x8xf32>, index) -> tensor<?x4xf32>
  %2 = flow.dispatch @grow(%1, %n) {hal.sizes = [array<i64: 1, -1>]} : (tensor<?x4xf32>, index) -> tensor<?x8xf32>
  %3 = flow.dispatch @shrink(%2, %n) {hal.sizes = [array<i64: 1, -1>]} : (tensor<?x8xf32>, index) -> tensor<?x4xf32>
  %4 = flow.dispatch @grow(%3, %n) {hal.sizes = [array<i64: 1, -1>]} : (tensor<?x4xf32>, index) -> tensor<?x8xf32>
  func.return %4 : tensor<?x8xf32>
}

// CHECK:      func.func @main
// CHECK:        %[[UNIT:.*]] = arith.muli
// CHECK-NEXT:   hal.reserve results(%n) slots(%[[UNIT]]) [48]
// CHECK-NEXT:   flow.dispatch @grow({{.*}}) {{.*}}hal.placements = [#hal.placement<slot 0 0>]
// CHECK-NEXT:   flow.dispatch @shrink({{.*}}) {{.*}}hal.placements = [#hal.placement<slot 0 32>]
// CHECK-NEXT:   flow.dispatch @grow({{.*}}) {{.*}}hal.placements = [#hal.placement<slot 0 0>]
// CHECK-NEXT:   flow.dispatch @shrink({{.*}}) {{.*}}hal.placements = [#hal.placement<slot 0 32>]
// CHECK-NEXT:   flow.dispatch @grow({{.*}}) {{.*}}hal.placements = [#hal.placement<result 0 0>]
