// A pack of open sizes into tiles of an open size pads up to whole tiles.
// RUN: zellige-opt %s -p decompose-packs | filecheck %s

func.func @main(%x: tensor<?x4xf32>, %k: index, %z: f32, %d: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> {
  %0 = linalg.pack %x padding_value(%z : f32) inner_dims_pos = [0] inner_tiles = [%k] into %d : tensor<?x4xf32> -> tensor<?x4x?xf32>
  return %0 : tensor<?x4x?xf32>
}

// CHECK:      [[N:%\d+]] = tensor.dim %x, %{{.*}}
// CHECK-NEXT: [[TILES:%\d+]] = arith.ceildivsi [[N]], %k : index
// CHECK-NEXT: [[ALL:%\d+]] = arith.muli [[TILES]], %k : index
// CHECK-NEXT: [[HIGH:%\d+]] = arith.subi [[ALL]], [[N]] : index
// CHECK-NEXT: [[PADDED:%\d+]] = tensor.pad %x low[0, 0] high{{\[}}[[HIGH]], 0]
// CHECK:      [[PARTS:%\d+]] = tensor.expand_shape [[PADDED]] {{.*}} output_shape {{\[}}[[TILES]], %k, 4] : tensor<?x4xf32> into tensor<?x?x4xf32>
// CHECK-NEXT: linalg.transpose ins([[PARTS]] : tensor<?x?x4xf32>) outs(%d : tensor<?x4x?xf32>) permutation = [0, 2, 1]
