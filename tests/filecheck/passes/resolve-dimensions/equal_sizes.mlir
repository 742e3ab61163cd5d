// Operands on one loop have one size: that of the first argument, and the second one is checked against it.
// RUN: zellige-opt %s -p resolve-dimensions | filecheck %s

func.func @main(%a: tensor<?x8xf32>, %b: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %b, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%n) : tensor<?x8xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
       ins(%a, %b : tensor<?x8xf32>, tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// CHECK:      func.func @main(%a: tensor<?x8xf32> {hal.sizes = array<i64: 2, -1>}, %b: tensor<?x8xf32> {hal.sizes = array<i64: 2, -1>}, %a_1: index, %b_1: index)
// CHECK-NEXT:   %0 = arith.cmpi eq, %b_1, %a_1 : index
// CHECK-NEXT:   cf.assert %0, "dimension 0 of argument 1 ('b') differs from dimension 0 of argument 0 ('a')"
// CHECK-NEXT:   %e = tensor.empty(%a_1) : tensor<?x8xf32>
// CHECK-NEXT:   linalg.generic
