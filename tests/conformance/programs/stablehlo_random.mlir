// Words of Threefry one after the other, of Philox interleaved, long and short ones; states count with a carry.
func.func @main(%s: tensor<2xui64>, %t: tensor<3xui64>)
    -> (tensor<2xui64>, tensor<3x5xui32>, tensor<3xui64>, tensor<7xui32>, tensor<5xui64>, tensor<6xi8>) {
  %0:2 = stablehlo.rng_bit_generator %s, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3x5xui32>)
  %1:2 = stablehlo.rng_bit_generator %t, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<7xui32>)
  %2:2 = stablehlo.rng_bit_generator %s, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<5xui64>)
  %3:2 = stablehlo.rng_bit_generator %s, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<6xi8>)
  return %0#0, %0#1, %1#0, %1#1, %2#1, %3#1
      : tensor<2xui64>, tensor<3x5xui32>, tensor<3xui64>, tensor<7xui32>, tensor<5xui64>, tensor<6xi8>
}
