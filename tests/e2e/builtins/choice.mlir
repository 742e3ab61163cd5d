// What the bufferize phase could leave: y = |x| in the default version, x * x in version 2, 0 on top where there is any.
// Half of the elements go through a function of buffers, half through one of wide vectors.

intrinsic.group @squares versions [1, 2] requires ["avx512f"]

intrinsic.func @magnitude(
  %x: memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>, %out: memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>, %start: index
) attributes {intrinsic.builtin = #intrinsic.builtin<group @squares version 1>} {
  %pad = arith.constant 0.0 : f32
  %v = vector.transfer_read %x[%start], %pad {in_bounds = [true]} : memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>, vector<4xf32>
  %a = math.absf %v : vector<4xf32>
  vector.transfer_write %a, %out[%start] {in_bounds = [true]} : vector<4xf32>, memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>
  intrinsic.return
}

intrinsic.func @wide_magnitude(%x: !intrinsic.vector<8xf32>) -> (!intrinsic.vector<8xf32>, index)
    attributes {intrinsic.builtin = #intrinsic.builtin<group @squares version 1>} {
  %low, %high = intrinsic.split %x : !intrinsic.vector<8xf32> to vector<4xf32>, vector<4xf32>
  %a = math.absf %low : vector<4xf32>
  %b = math.absf %high : vector<4xf32>
  %y = intrinsic.join %a, %b : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
  %four = arith.constant 4 : index
  intrinsic.return %y, %four : !intrinsic.vector<8xf32>, index
}

flow.executable @kernel workgroups [1, 1, 1] {
  func.func @kernel(%x: memref<16xf32, #hal.memory<device>> {llvm.noalias}, %out: memref<16xf32, #hal.memory<device>> {llvm.noalias}) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %pad = arith.constant 0.0 : f32
    %x_low = memref.subview %x[%c0] [8] [1] : memref<16xf32, #hal.memory<device>> to memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>
    %out_low = memref.subview %out[%c0] [8] [1] : memref<16xf32, #hal.memory<device>> to memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>
    scf.for %i = %c0 to %c8 step %c4 {
      intrinsic.call @magnitude(%x_low, %out_low, %i) : (memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>, memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>, index) -> ()
    }
    %x_high = memref.subview %x[%c8] [8] [1] : memref<16xf32, #hal.memory<device>> to memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>
    %out_high = memref.subview %out[%c8] [8] [1] : memref<16xf32, #hal.memory<device>> to memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>
    %a = vector.transfer_read %x_high[%c0], %pad {in_bounds = [true]} : memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>, vector<4xf32>
    %b = vector.transfer_read %x_high[%c4], %pad {in_bounds = [true]} : memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>, vector<4xf32>
    %v = intrinsic.join %a, %b : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
    %y, %second = intrinsic.choice @squares -> (!intrinsic.vector<8xf32>, index) {
      %m, %at = intrinsic.call @wide_magnitude(%v) : (!intrinsic.vector<8xf32>) -> (!intrinsic.vector<8xf32>, index)
      intrinsic.yield %m, %at : !intrinsic.vector<8xf32>, index
    } version 1 {
      intrinsic.yield %v, %c4 : !intrinsic.vector<8xf32>, index
    } version 2 {
      %p = arith.mulf %a, %a : vector<4xf32>
      %q = arith.mulf %b, %b : vector<4xf32>
      %s = intrinsic.join %p, %q : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
      intrinsic.yield %s, %c4 : !intrinsic.vector<8xf32>, index
    }
    %low, %high = intrinsic.split %y : !intrinsic.vector<8xf32> to vector<4xf32>, vector<4xf32>
    vector.transfer_write %low, %out_high[%c0] {in_bounds = [true]} : vector<4xf32>, memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>
    vector.transfer_write %high, %out_high[%second] {in_bounds = [true]} : vector<4xf32>, memref<8xf32, strided<[1], offset: ?>, #hal.memory<device>>
    %fast = intrinsic.is_available @squares
    scf.if %fast {
      memref.store %pad, %out[%c0] : memref<16xf32, #hal.memory<device>>
    }
    func.return
  }
}

func.func @main() attributes {hal.slab_bytes = 0 : i64, hal.slab_lower_bound_bytes = 0 : i64, hal.arguments = [{name = "x", type = tensor<16xf32>}], hal.results = [{name = "y", type = tensor<16xf32>}], hal.dispatches = 1 : i64} {
  %offset = arith.constant 0 : index
  %x = hal.subspan "argument" 0[%offset] : memref<16xf32, #hal.memory<device>>
  %y = hal.subspan "result" 0[%offset] : memref<16xf32, #hal.memory<device>>
  hal.dispatch @kernel(%x, %y) : memref<16xf32, #hal.memory<device>>, memref<16xf32, #hal.memory<device>>
  func.return
}
