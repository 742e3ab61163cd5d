// A gather is a generic over what it makes that reads at indices; here along dimension 1, with a size that is open.
// RUN: zellige-opt %s -p decompose-tensor-indexing | filecheck %s

func.func @main(%x: tensor<5x?x6xf32>, %i: tensor<3x4x1xi32>) -> tensor<3x4x5x6xf32> {
  %0 = tensor.gather %x[%i] gather_dims([1]) : (tensor<5x?x6xf32>, tensor<3x4x1xi32>) -> tensor<3x4x5x6xf32>
  return %0 : tensor<3x4x5x6xf32>
}

// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, 0)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
// CHECK-SAME:   ins(%i : tensor<3x4x1xi32>)
// CHECK-NEXT: ^bb0([[I:%\d+]]: i32, %{{.*}}: f32):
// CHECK-NEXT:   [[A:%\d+]] = linalg.index 2 : index
// CHECK-NEXT:   [[B:%\d+]] = arith.index_cast [[I]] : i32 to index
// CHECK-NEXT:   [[C:%\d+]] = linalg.index 3 : index
// CHECK-NEXT:   tensor.extract %x{{\[}}[[A]], [[B]], [[C]]] : tensor<5x?x6xf32>
