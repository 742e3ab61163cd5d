// Functions and branches take and give values; a tuple in a tuple is taken apart, too.
// RUN: zellige-opt %s -p flatten-tuples,legalize-stablehlo-control-flow | filecheck %s

func.func @main(%p: tensor<i1>, %t: tuple<tensor<4xf32>, tuple<tensor<i32>>>) -> tuple<tensor<4xf32>, tuple<tensor<i32>>> {
  %0 = "stablehlo.if"(%p) ({
    stablehlo.return %t : tuple<tensor<4xf32>, tuple<tensor<i32>>>
  }, {
    %1 = func.call @f(%t) : (tuple<tensor<4xf32>, tuple<tensor<i32>>>) -> tuple<tensor<4xf32>, tuple<tensor<i32>>>
    stablehlo.return %1 : tuple<tensor<4xf32>, tuple<tensor<i32>>>
  }) : (tensor<i1>) -> tuple<tensor<4xf32>, tuple<tensor<i32>>>
  return %0 : tuple<tensor<4xf32>, tuple<tensor<i32>>>
}

func.func private @f(%t: tuple<tensor<4xf32>, tuple<tensor<i32>>>) -> tuple<tensor<4xf32>, tuple<tensor<i32>>> {
  return %t : tuple<tensor<4xf32>, tuple<tensor<i32>>>
}

// CHECK:      func.func @main(%p: tensor<i1>, [[A:%\d+]]: tensor<4xf32>, [[B:%\d+]]: tensor<i32>) -> (tensor<4xf32>, tensor<i32>) {
// CHECK:        [[C:%\d+]], [[D:%\d+]] = scf.if %{{.*}} -> (tensor<4xf32>, tensor<i32>) {
// CHECK-NEXT:     scf.yield [[A]], [[B]]
// CHECK-NEXT:   } else {
// CHECK-NEXT:     [[E:%\d+]], [[F:%\d+]] = func.call @f([[A]], [[B]])
// CHECK-NEXT:     scf.yield [[E]], [[F]]
// CHECK-NEXT:   }
// CHECK-NEXT:   func.return [[C]], [[D]] : tensor<4xf32>, tensor<i32>
// CHECK:      func.func private @f([[G:%\d+]]: tensor<4xf32>, [[H:%\d+]]: tensor<i32>) -> (tensor<4xf32>, tensor<i32>) {
// CHECK-NEXT:   func.return [[G]], [[H]]
