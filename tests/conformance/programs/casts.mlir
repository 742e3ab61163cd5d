// From each width and kind of number to another.
#map = affine_map<(d0) -> (d0)>
func.func @main(%x: tensor<21xf32>, %n: tensor<21xi8>, %m: tensor<21xi64>)
    -> (tensor<21xi32>, tensor<21xf64>, tensor<21xi8>, tensor<21xf32>, tensor<21xi16>) {
  %i32 = tensor.empty() : tensor<21xi32>
  %f64 = tensor.empty() : tensor<21xf64>
  %i8 = tensor.empty() : tensor<21xi8>
  %f32 = tensor.empty() : tensor<21xf32>
  %i16 = tensor.empty() : tensor<21xi16>
  %result:5 = linalg.generic {
      indexing_maps = [#map, #map, #map, #map, #map, #map, #map, #map], iterator_types = ["parallel"]}
      ins(%x, %n, %m : tensor<21xf32>, tensor<21xi8>, tensor<21xi64>)
      outs(%i32, %f64, %i8, %f32, %i16
          : tensor<21xi32>, tensor<21xf64>, tensor<21xi8>, tensor<21xf32>, tensor<21xi16>) {
  ^bb0(%a: f32, %b: i8, %c: i64, %o0: i32, %o1: f64, %o2: i8, %o3: f32, %o4: i16):
    %whole = arith.fptosi %a : f32 to i32
    %wide = arith.extf %a : f32 to f64
    %long = arith.sitofp %c : i64 to f64
    %both = arith.addf %wide, %long : f64
    %low = arith.trunci %c : i64 to i8
    %unsigned = arith.uitofp %b : i8 to f32
    %narrow = arith.truncf %wide : f64 to f32
    %sum = arith.addf %unsigned, %narrow : f32
    %signed = arith.extsi %b : i8 to i16
    %zeros = arith.extui %b : i8 to i16
    %parts = arith.subi %zeros, %signed : i16
    linalg.yield %whole, %both, %low, %sum, %parts : i32, f64, i8, f32, i16
  } -> (tensor<21xi32>, tensor<21xf64>, tensor<21xi8>, tensor<21xf32>, tensor<21xi16>)
  return %result#0, %result#1, %result#2, %result#3, %result#4
      : tensor<21xi32>, tensor<21xf64>, tensor<21xi8>, tensor<21xf32>, tensor<21xi16>
}
