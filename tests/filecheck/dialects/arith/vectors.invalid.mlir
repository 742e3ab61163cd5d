// The shapes of operands and results agree, and casts go the way that their name says.
// RUN: DIAG --split-input-file

func.func @shapes(%a: vector<4xi32>) -> vector<8xf32> {
  // expected-error@below {{operands and results must have one shape, got vector<4xi32>, vector<8xf32>}}
  %0 = arith.sitofp %a : vector<4xi32> to vector<8xf32>
  func.return %0 : vector<8xf32>
}

// -----

func.func @widens(%a: vector<4xi8>) -> vector<4xi32> {
  // expected-error@below {{the result must have fewer bits than the operand, got 32 from 8}}
  %0 = arith.trunci %a : vector<4xi8> to vector<4xi32>
  func.return %0 : vector<4xi32>
}

// -----

func.func @narrows(%a: vector<4xi32>) -> vector<4xi8> {
  // expected-error@below {{the result must have more bits than the operand, got 8 from 32}}
  %0 = arith.extsi %a : vector<4xi32> to vector<4xi8>
  func.return %0 : vector<4xi8>
}
