// Allocations are empty tensors, or what they copy; a value that should stand elsewhere is that value.
// RUN: zellige-opt %s -p legalize-bufferization | filecheck %s

func.func @main(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %0 = bufferization.alloc_tensor(%n) : tensor<?xf32>
  %1 = bufferization.alloc_tensor() copy(%x) : tensor<?xf32>
  %2 = linalg.exp ins(%1 : tensor<?xf32>) outs(%0 : tensor<?xf32>) -> tensor<?xf32>
  %3 = bufferization.materialize_in_destination %2 in %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %3 : tensor<?xf32>
}

// CHECK:      %0 = tensor.empty(%n) : tensor<?xf32>
// CHECK-NEXT: %1 = linalg.exp ins(%x : tensor<?xf32>) outs(%0 : tensor<?xf32>) -> tensor<?xf32>
// CHECK-NEXT: func.return %1 : tensor<?xf32>
