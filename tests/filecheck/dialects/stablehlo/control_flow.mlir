// Loops, branches and arrangements of values, as JAX prints them, and in generic form.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @f(%a: tensor<2xf32>, %p: tensor<i1>, %k: tensor<i32>) -> tensor<2xf32> {
  %0:2 = stablehlo.while(%i = %a, %go = %p) : tensor<2xf32>, tensor<i1> attributes {note}
  cond {
    stablehlo.return %go : tensor<i1>
  } do {
    stablehlo.return %i, %go : tensor<2xf32>, tensor<i1>
  }
  %1 = "stablehlo.if"(%p) ({
    stablehlo.return %a : tensor<2xf32>
  }, {
    stablehlo.return %a : tensor<2xf32>
  }) : (tensor<i1>) -> tensor<2xf32>
  "stablehlo.case"(%k) ({
    stablehlo.return
  }, {
    stablehlo.return
  }) : (tensor<i32>) -> ()
  %2:2 = stablehlo.optimization_barrier %a, %p : tensor<2xf32>, tensor<i1>
  stablehlo.optimization_barrier()
  %3 = stablehlo.tuple %a, %p : tuple<tensor<2xf32>, tensor<i1>>
  %4 = stablehlo.get_tuple_element %3[1] : (tuple<tensor<2xf32>, tensor<i1>>) -> tensor<i1>
  %5 = stablehlo.composite "a.b" %a {composite_attributes = {n = 1 : i64}, decomposition = @f, version = 2 : i32} : (tensor<2xf32>) -> tensor<2xf32>
  %6 = stablehlo.custom_call @Sharding(%a) {backend_config = "", mhlo.sharding = "{replicated}"} : (tensor<2xf32>) -> tensor<2xf32>
  %call = stablehlo.custom_call @lapack(%a) {output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>]} : (tensor<2xf32>) -> tensor<2xf32>
  %7 = stablehlo.create_token : !stablehlo.token
  %8 = stablehlo.after_all %7, %7 : !stablehlo.token
  %9 = stablehlo.after_all : () -> !stablehlo.token
  return %a : tensor<2xf32>
}

// CHECK:      %{{.*}}, %{{.*}} = stablehlo.while(%i = %a, %go = %p) : tensor<2xf32>, tensor<i1> attributes {note} cond {
// CHECK-NEXT:   stablehlo.return %go : tensor<i1>
// CHECK-NEXT: } do {
// CHECK-NEXT:   stablehlo.return %i, %go : tensor<2xf32>, tensor<i1>
// CHECK-NEXT: }
// CHECK-NEXT: %{{.*}} = "stablehlo.if"(%p) ({
// CHECK-NEXT:   stablehlo.return %a : tensor<2xf32>
// CHECK:      "stablehlo.case"(%k) ({
// CHECK-NEXT:   stablehlo.return
// CHECK-NEXT: }, {
// CHECK:      stablehlo.optimization_barrier %a, %p : tensor<2xf32>, tensor<i1>
// CHECK-NEXT: stablehlo.optimization_barrier()
// CHECK-NEXT: %[[T:.*]] = stablehlo.tuple %a, %p : tuple<tensor<2xf32>, tensor<i1>>
// CHECK-NEXT: stablehlo.get_tuple_element %[[T]][1] : (tuple<tensor<2xf32>, tensor<i1>>) -> tensor<i1>
// CHECK-NEXT: stablehlo.composite "a.b" %a {composite_attributes = {n = 1 : i64}, decomposition = @f, version = 2 : i32}
// CHECK-NEXT: stablehlo.custom_call @Sharding(%a) {mhlo.sharding = "{replicated}", backend_config = ""}
// CHECK-NEXT: stablehlo.custom_call @lapack(%a) {output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>]}
// CHECK-NEXT: %[[N:.*]] = stablehlo.create_token : !stablehlo.token
// CHECK-NEXT: stablehlo.after_all %[[N]], %[[N]] : !stablehlo.token
// CHECK-NEXT: stablehlo.after_all : () -> !stablehlo.token
