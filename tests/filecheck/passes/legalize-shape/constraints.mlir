// Constraints are asserted where they are made, and what runs under them stands there; an open size next to 8 is 8.
// RUN: zellige-opt %s -p legalize-shape | filecheck %s

func.func @main(%x: tensor<?x8xf32>, %y: tensor<?xf32>) -> (tensor<?xindex>, index) {
  %s = shape.shape_of %x : tensor<?x8xf32> -> tensor<2xindex>
  %t = shape.shape_of %y : tensor<?xf32> -> tensor<1xindex>
  %w = shape.cstr_broadcastable %s, %t : tensor<2xindex>, tensor<1xindex>
  %r:2 = shape.assuming %w -> (tensor<?xindex>, index) {
    %b = shape.broadcast %s, %t : tensor<2xindex>, tensor<1xindex> -> tensor<?xindex>
    %n = shape.num_elements %b : tensor<?xindex> -> index
    shape.assuming_yield %b, %n : tensor<?xindex>, index
  }
  return %r#0, %r#1 : tensor<?xindex>, index
}

// CHECK:      [[N:%\d+]] = tensor.dim %x, %{{.*}}
// CHECK:      [[M:%\d+]] = tensor.dim %y, %{{.*}}
// CHECK:      [[ONE:%\d+]] = arith.cmpi eq, [[M]], %{{.*}} : index
// CHECK:      [[SAME:%\d+]] = arith.cmpi eq, %{{.*}}, [[M]] : index
// CHECK-NEXT: [[OK:%\d+]] = arith.ori [[SAME]], [[ONE]] : i1
// CHECK-NEXT: cf.assert [[OK]], "shapes cannot be broadcast to one"
// CHECK-NEXT: [[EIGHT:%\d+]] = arith.constant 8 : index
// CHECK-NEXT: %b = tensor.from_elements [[N]], [[EIGHT]] : tensor<2xindex>
// CHECK-NEXT: [[B:%\d+]] = tensor.cast %b : tensor<2xindex> to tensor<?xindex>
// CHECK:      %n = arith.muli [[N]], %{{.*}} : index
// CHECK-NEXT: func.return [[B]], %n
