// Vectors of 128 bits pass; a truth value counts as a byte.
// RUN: zellige-opt %s -p 'check-vector' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%x: f32, %c: i1) {
    %v = vector.broadcast %x : f32 to vector<4xf32>
    %t = vector.broadcast %c : i1 to vector<16xi1>
    func.return
  }
}

// CHECK: flow.executable @k workgroups [1, 1, 1] {
