// An assertion that does not hold stays: it is for the run to report.
// RUN: zellige-opt %s -p fold-constants | filecheck %s

%no = arith.constant false
cf.assert %no, "reported"

// CHECK: cf.assert %no, "reported"
