// A call passes buffers of the form that the function takes; a function knows no workgroup and no form that changes.
// RUN: DIAG -p convert-memref-to-llvm

intrinsic.func @f(%x: memref<8xf32, #hal.memory<device>>) attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  intrinsic.return
}
flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8xf32, #hal.memory<constant>>) {
    // expected-error@below {{argument 0 of '@f' is memref<8xf32, #hal.memory<device>>, got memref<8xf32, #hal.memory<constant>>}}
    intrinsic.call @f(%a) : (memref<8xf32, #hal.memory<constant>>) -> ()
    func.return
  }
}

// -----

intrinsic.func @f() attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  // expected-error@below {{a built-in function has no workgroup}}
  %id = hal.workgroup_id 0
  intrinsic.return
}

// -----

// expected-error@below {{argument 0 of '@f' is a buffer with static strides in a memory such as #hal.memory<device>, got memref<8xf32>}}
intrinsic.func @f(%x: memref<8xf32>) attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 1>} {
  intrinsic.return
}
