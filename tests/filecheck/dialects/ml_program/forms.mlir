// Globals, their loads and stores, as torch-mlir prints them, and in generic form.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

ml_program.global private mutable @cache(dense<0.0> : tensor<4xf32>) : tensor<4xf32>
ml_program.global private @table(dense<[1, 2]> : tensor<2xi64>) : tensor<2xi64> {note}
func.func @main() {
  %0 = ml_program.global_load @cache : tensor<4xf32>
  %1 = ml_program.global_load_const @table : tensor<2xi64>
  ml_program.global_store @cache = %0 : tensor<4xf32>
  return
}

// CHECK:      ml_program.global private mutable @cache(dense<0.000000e+00> : tensor<4xf32>) : tensor<4xf32>
// CHECK-NEXT: ml_program.global private @table(dense<[1, 2]> : tensor<2xi64>) : tensor<2xi64> {note}
// CHECK:      %0 = ml_program.global_load @cache : tensor<4xf32>
// CHECK-NEXT: %1 = ml_program.global_load_const @table : tensor<2xi64>
// CHECK-NEXT: ml_program.global_store @cache = %0 : tensor<4xf32>
