// The description is JSON with the fields of `ProgramInfo`, of bindings only what is no default; the attributes that it is made of are gone.
// RUN: zellige-opt %s -p describe-program | filecheck %s

builtin.module attributes {hal.messages = ["no"]} {
  flow.executable @k workgroups [4, 1, 1] {
    llvm.func @k.tile(%a: !llvm.ptr<2> {hal.buffer = memref<4x8xf32, #hal.memory<device>>, llvm.noalias, llvm.readonly},
                      %b: !llvm.ptr<3> {hal.buffer = memref<4x8xi1, #hal.memory<constant>>, llvm.noalias, llvm.readonly},
                      %s: f32, %o: !llvm.ptr<2> {hal.buffer = memref<3xindex, #hal.memory<device>>, llvm.writeonly},
                      %x: i32, %y: i32, %z: i32) {
      llvm.return
    }
  }
  llvm.func @main(%state: i32) attributes {
    hal.arguments = [{name = "x", type = tensor<4x8xf32>}], hal.results = [{name = "y", type = tensor<index>}],
    hal.slab_bytes = 128 : i64, hal.slab_lower_bound_bytes = 64 : i64, hal.dispatches = 1 : i64
  } {
    llvm.return
  }
}

// CHECK:      builtin.module attributes {hal.program = "{
// CHECK-SAME: \22functions\22: [{\22name\22: \22main\22, \22arguments\22: [{\22name\22: \22x\22, \22dtype\22: \22f32\22, \22shape\22: [4, 8]}]
// CHECK-SAME: \22results\22: [{\22name\22: \22y\22, \22dtype\22: \22index\22, \22shape\22: []}]
// CHECK-SAME: \22slab_bytes\22: 128, \22slab_lower_bound_bytes\22: 64, \22dispatches\22: 1}]
// CHECK-SAME: \22entry_points\22: [{\22name\22: \22k\22, \22workgroups\22: [4, 1, 1], \22bindings\22: [
// CHECK-SAME: {\22kind\22: \22device\22, \22size_bytes\22: 128}, {\22kind\22: \22constant\22, \22dtype\22: \22i1\22, \22size_bytes\22: 32}
// CHECK-SAME: {\22kind\22: \22f32\22}
// CHECK-SAME: {\22kind\22: \22device\22, \22dtype\22: \22index\22, \22size_bytes\22: 12, \22access\22: \22write\22, \22may_alias\22: true}]}]
// CHECK-SAME: \22messages\22: [\22no\22]
// CHECK:      llvm.func @main(%state: i32) {
