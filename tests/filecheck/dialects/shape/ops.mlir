// Upstream's own text of all ops reads, and is printed back.
// RUN: ROUNDTRIP

func.func @f(%arg0: tensor<?x6xf32>, %arg1: tensor<?xf32>, %arg2: tensor<2xindex>, %arg3: tensor<?xindex>, %arg4: i1, %arg5: index) -> (tensor<?x6xf32>, index, index, tensor<?xindex>, i1, i1) {
  %0 = shape.shape_of %arg0 : tensor<?x6xf32> -> tensor<2xindex>
  %1 = shape.shape_of %arg1 : tensor<?xf32> -> tensor<?xindex>
  %2 = shape.const_shape [1, 6] : tensor<2xindex>
  %3 = shape.const_shape [1, 6] : !shape.shape
  %4 = shape.broadcast %0, %1, %2 : tensor<2xindex>, tensor<?xindex>, tensor<2xindex> -> tensor<?xindex>
  %5 = shape.num_elements %0 : tensor<2xindex> -> index
  %c1 = arith.constant 1 : index
  %6 = shape.get_extent %0, %c1 : tensor<2xindex>, index -> index
  %c1_0 = shape.const_size 1
  %7 = shape.get_extent %3, %c1_0 : !shape.shape, !shape.size -> !shape.size
  %8 = shape.size_to_index %7 : !shape.size
  %9 = shape.index_to_size %arg5
  %10 = shape.from_extents %arg5, %c1 : index, index
  %11 = shape.to_extent_tensor %10 : !shape.shape -> tensor<2xindex>
  %12 = shape.concat %3, %10 : !shape.shape, !shape.shape -> !shape.shape
  %13 = shape.rank %12 : !shape.shape -> !shape.size
  %14 = shape.add %13, %7 : !shape.size, !shape.size -> !shape.size
  %15 = shape.mul %arg5, %c1 : index, index -> index
  %16 = shape.div %arg5, %c1 : index, index -> index
  %17 = shape.max %13, %14 : !shape.size, !shape.size -> !shape.size
  %18 = shape.min %13, %14 : !shape.size, !shape.size -> !shape.size
  %19 = shape.cstr_eq %0, %11 : tensor<2xindex>, tensor<2xindex>
  %20 = shape.cstr_broadcastable %0, %1 : tensor<2xindex>, tensor<?xindex>
  %21 = shape.cstr_require %arg4, "must be so"
  %22 = shape.const_witness true
  %23 = shape.assuming_all %19, %20, %21, %22
  %24:2 = shape.assuming %23 -> (tensor<?x6xf32>, index) {
    shape.assuming_yield %arg0, %5 : tensor<?x6xf32>, index
  }
  %25 = shape.shape_eq %0, %11 : tensor<2xindex>, tensor<2xindex>
  %26 = shape.is_broadcastable %0, %1 : tensor<2xindex>, tensor<?xindex>
  %27 = shape.dim %arg0, %c1 : tensor<?x6xf32>, index -> index
  %head, %tail = "shape.split_at"(%12, %c1_0) : (!shape.shape, !shape.size) -> (!shape.shape, !shape.shape)
  %28 = shape.from_extent_tensor %arg2 : tensor<2xindex>
  %29 = shape.any %0, %11 : tensor<2xindex>, tensor<2xindex> -> tensor<2xindex>
  return %24#0, %24#1, %8, %4, %25, %26 : tensor<?x6xf32>, index, index, tensor<?xindex>, i1, i1
}

// CHECK: shape.shape_of %{{[a-z0-9_]+}} : tensor<?x6xf32> -> tensor<2xindex>
// CHECK: shape.shape_of %{{[a-z0-9_]+}} : tensor<?xf32> -> tensor<?xindex>
// CHECK: shape.const_shape [1, 6] : tensor<2xindex>
// CHECK: shape.const_shape [1, 6] : !shape.shape
// CHECK: shape.broadcast %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2xindex>, tensor<?xindex>, tensor<2xindex> -> tensor<?xindex>
// CHECK: shape.num_elements %{{[a-z0-9_]+}} : tensor<2xindex> -> index
// CHECK: shape.get_extent %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2xindex>, index -> index
// CHECK: shape.const_size 1
// CHECK: shape.get_extent %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : !shape.shape, !shape.size -> !shape.size
// CHECK: shape.size_to_index %{{[a-z0-9_]+}} : !shape.size
// CHECK: shape.index_to_size %{{[a-z0-9_]+}}
// CHECK: shape.from_extents %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : index, index
// CHECK: shape.to_extent_tensor %{{[a-z0-9_]+}} : !shape.shape -> tensor<2xindex>
// CHECK: shape.concat %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : !shape.shape, !shape.shape -> !shape.shape
// CHECK: shape.rank %{{[a-z0-9_]+}} : !shape.shape -> !shape.size
// CHECK: shape.add %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : !shape.size, !shape.size -> !shape.size
// CHECK: shape.mul %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : index, index -> index
// CHECK: shape.div %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : index, index -> index
// CHECK: shape.max %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : !shape.size, !shape.size -> !shape.size
// CHECK: shape.min %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : !shape.size, !shape.size -> !shape.size
// CHECK: shape.cstr_eq %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2xindex>, tensor<2xindex>
// CHECK: shape.cstr_broadcastable %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2xindex>, tensor<?xindex>
// CHECK: shape.cstr_require %{{[a-z0-9_]+}}, "must be so"
// CHECK: shape.const_witness true
// CHECK: shape.assuming_all %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}
// CHECK: shape.assuming %{{[a-z0-9_]+}} -> (tensor<?x6xf32>, index) {
// CHECK: shape.assuming_yield %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<?x6xf32>, index
// CHECK: shape.shape_eq %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2xindex>, tensor<2xindex>
// CHECK: shape.is_broadcastable %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2xindex>, tensor<?xindex>
// CHECK: shape.dim %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<?x6xf32>, index -> index
// CHECK: "shape.split_at"(%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}) : (!shape.shape, !shape.size) -> (!shape.shape, !shape.shape)
// CHECK: shape.from_extent_tensor %{{[a-z0-9_]+}} : tensor<2xindex>
// CHECK: shape.any %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : tensor<2xindex>, tensor<2xindex> -> tensor<2xindex>
