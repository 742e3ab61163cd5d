// Rows of heads are split and joined alone; what depends on the values of sizes stays one run.
// RUN: zellige-opt %s -p resolve-dimensions | filecheck %s

func.func @heads(%x: tensor<?x?x768xf32>) -> tensor<?x?x12x64xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x?x768xf32>
  %m = tensor.dim %x, %c1 : tensor<?x?x768xf32>
  %0 = tensor.collapse_shape %x [[0, 1, 2]] : tensor<?x?x768xf32> into tensor<?xf32>
  %y = tensor.expand_shape %0 [[0, 1, 2, 3]] output_shape [%n, %m, 12, 64] : tensor<?xf32> into tensor<?x?x12x64xf32>
  func.return %y : tensor<?x?x12x64xf32>
}

// CHECK-LABEL: @heads
// CHECK-NOT:  flow.reshape
// CHECK:      tensor.expand_shape %x {{.*}}0 : i64], [1 : i64], [2 : i64, 3 : i64]] output_shape [%{{.*}}, %{{.*}}, 12, 64]
// CHECK-SAME:   tensor<?x?x768xf32> into tensor<?x?x12x64xf32>
// CHECK-NEXT: func.return

func.func @rows(%x: tensor<?x?x4x8xf32>) -> tensor<?x32x1xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x?x4x8xf32>
  %m = tensor.dim %x, %c1 : tensor<?x?x4x8xf32>
  %nm = arith.muli %m, %n : index
  %0 = tensor.collapse_shape %x [[0, 1, 2, 3]] : tensor<?x?x4x8xf32> into tensor<?xf32>
  %y = tensor.expand_shape %0 [[0, 1, 2]] output_shape [%nm, 32, 1] : tensor<?xf32> into tensor<?x32x1xf32>
  func.return %y : tensor<?x32x1xf32>
}

// CHECK-LABEL: @rows
// CHECK:      %[[#JOINED:]] = flow.reshape %x(%[[#]]) : tensor<?x?x4x8xf32> -> tensor<?x32xf32>
// CHECK-NEXT: tensor.expand_shape %[[#JOINED]] {{.*}}0 : i64], [1 : i64, 2 : i64]] output_shape [%{{.*}}, 32, 1]

func.func @others(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %m = tensor.dim %x, %c1 : tensor<?x?xf32>
  %0 = tensor.collapse_shape %x [[0, 1]] : tensor<?x?xf32> into tensor<?xf32>
  %y = tensor.expand_shape %0 [[0, 1]] output_shape [%m, %n] : tensor<?xf32> into tensor<?x?xf32>
  func.return %y : tensor<?x?xf32>
}

// CHECK-LABEL: @others
// CHECK:      %[[#FLAT:]] = flow.reshape %x
// CHECK-NEXT: tensor.expand_shape %[[#FLAT]]
