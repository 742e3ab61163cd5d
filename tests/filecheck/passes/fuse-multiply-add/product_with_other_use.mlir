// A product that something else reads too stays a product.
// RUN: zellige-opt %s -p 'fuse-multiply-add' | filecheck %s

%a, %b = "test.op"() : () -> (vector<4xf32>, vector<4xf32>)
%0 = arith.mulf %a, %b : vector<4xf32>
%1 = arith.addf %a, %0 : vector<4xf32>
"test.op"(%0, %1) : (vector<4xf32>, vector<4xf32>) -> ()

// CHECK:      %0 = arith.mulf %a, %b : vector<4xf32>
// CHECK-NEXT: %1 = arith.addf %a, %0 : vector<4xf32>
// CHECK-NEXT: "test.op"(%0, %1) : (vector<4xf32>, vector<4xf32>) -> ()
