// A size that turns out to be 1 while the slice that it is of still says that it is open.
// RUN: zellige-opt %s -p resolve-dimensions | filecheck %s

func.func @f(%x: tensor<?x?xf32>, %y: tensor<?x1xf32>, %z: tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %m = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%n, %m) : tensor<?x?xf32>
  %c = linalg.copy ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %one = tensor.cast %c : tensor<?x?xf32> to tensor<?x1xf32>
  %0 = tensor.insert_slice %c into %z[0, 0] [%n, %m] [1, 1] : tensor<?x?xf32> into tensor<?x?xf32>
  return %one, %0 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: tensor.insert_slice %{{.*}} into %z[0, 0] [%{{.*}}, 1] [1, 1] : tensor<?x1xf32> into tensor<?x?xf32>
