// Narrower elements are shifted out of their word, place by place.
// RUN: zellige-opt %s -p legalize-stablehlo-elementwise | filecheck %s

func.func @f(%x: tensor<4xf32>) -> tensor<4x2xi16> {
  %0 = stablehlo.bitcast_convert %x : (tensor<4xf32>) -> tensor<4x2xi16>
  return %0 : tensor<4x2xi16>
}

// CHECK:      indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]
// CHECK:        [[WORD:%.+]] = arith.bitcast %{{.+}} : f32 to i32
// CHECK-NEXT:   [[PLACE:%.+]] = linalg.index 1 : index
// CHECK-NEXT:   [[BITS:%.+]] = arith.constant 16 : index
// CHECK-NEXT:   [[OFFSET:%.+]] = arith.muli [[PLACE]], [[BITS]] : index
// CHECK-NEXT:   [[AMOUNT:%.+]] = arith.index_cast [[OFFSET]] : index to i32
// CHECK-NEXT:   [[SHIFTED:%.+]] = arith.shrui [[WORD]], [[AMOUNT]] : i32
// CHECK-NEXT:   [[PIECE:%.+]] = arith.trunci [[SHIFTED]] : i32 to i16
// CHECK-NEXT:   linalg.yield [[PIECE]] : i16
