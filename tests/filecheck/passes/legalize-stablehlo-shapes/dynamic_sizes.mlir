// Amounts that are made of scalars are the sizes of what comes out.
// RUN: zellige-opt %s -p legalize-stablehlo-shapes | filecheck %s

func.func @reshape(%x: tensor<?x?xf32>, %n: index) -> tensor<?x4xf32> {
  %four = arith.constant 4 : index
  %shape = tensor.from_elements %n, %four : tensor<2xindex>
  %0 = stablehlo.dynamic_reshape %x, %shape : (tensor<?x?xf32>, tensor<2xindex>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: @reshape
// CHECK:      %[[#FLAT:]] = tensor.collapse_shape %x
// CHECK-SAME:   tensor<?x?xf32> into tensor<?xf32>
// CHECK-NEXT: tensor.expand_shape %[[#FLAT]]
// CHECK-SAME:   output_shape [%n, 4] : tensor<?xf32> into tensor<?x4xf32>

func.func @broadcast(%x: tensor<1x?xf32>, %n: i32, %m: i32) -> tensor<?x?xf32> {
  %shape = tensor.from_elements %n, %m : tensor<2xi32>
  %0 = stablehlo.dynamic_broadcast_in_dim %x, %shape, dims = [0, 1] : (tensor<1x?xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// CHECK-LABEL: @broadcast
// CHECK:      %[[#ROWS:]] = arith.index_cast %n : i32 to index
// CHECK-NEXT: %[[#COLUMNS:]] = arith.index_cast %m : i32 to index
// CHECK-NEXT: %[[#NEW:]] = tensor.empty(%[[#ROWS]], %[[#COLUMNS]])
// CHECK-NEXT: linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (0, d1)>

func.func @slice(%x: tensor<?xf32>, %start: index, %limit: index) -> tensor<?xf32> {
  %two = arith.constant 2 : index
  %starts = tensor.from_elements %start : tensor<1xindex>
  %limits = tensor.from_elements %limit : tensor<1xindex>
  %steps = tensor.from_elements %two : tensor<1xindex>
  %0 = stablehlo.real_dynamic_slice %x, %starts, %limits, %steps
       : (tensor<?xf32>, tensor<1xindex>, tensor<1xindex>, tensor<1xindex>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// CHECK-LABEL: @slice
// CHECK:      %[[#SPAN:]] = arith.subi %limit, %start : index
// CHECK-NEXT: %[[#STEP:]] = arith.constant 2 : index
// CHECK-NEXT: %[[#SIZE:]] = arith.ceildivsi %[[#SPAN]], %[[#STEP]] : index
// CHECK-NEXT: tensor.extract_slice %x[%start] [%[[#SIZE]]] [2] : tensor<?xf32> to tensor<?xf32>

func.func @pad(%x: tensor<?xf32>, %zero: tensor<f32>) -> tensor<?xf32> {
  %0 = stablehlo.pad %x, %zero, low = [1], high = [2], interior = [0] : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// CHECK-LABEL: @pad
// CHECK:      %[[#SIZE:]] = tensor.dim %x
// CHECK:      %[[#NEW:]] = tensor.empty
// CHECK:      tensor.insert_slice %x into %{{.*}}[1] [%[[#SIZE]]] [1]

func.func @reverse(%x: tensor<?xf32>) -> tensor<?xf32> {
  %0 = stablehlo.reverse %x, dims = [0] : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// CHECK-LABEL: @reverse
// CHECK:      %[[#LAST:]] = arith.subi %{{.*}}, %{{.*}} : index
// CHECK:      %[[#HERE:]] = linalg.index 0
// CHECK-NEXT: %[[#THERE:]] = arith.subi %[[#LAST]], %[[#HERE]] : index
// CHECK-NEXT: tensor.extract %x[%[[#THERE]]]
