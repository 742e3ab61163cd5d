"""Which kernels native code may replace, and how much work a workgroup is."""

import pytest

from tests.programs import parse
from zellige.analysis.builtins import MIN_OPERATIONS, obstacle, workgroup_operations
from zellige.dialects.flow import ExecutableOp

DEVICE = "#hal.memory<device>"


def kernel(body: str, *, size: int = 1024, before: str = "", argument: str = "") -> ExecutableOp:
    """A kernel over `size` integers %x, whose body yields %r of %p and its index %i."""
    text = f"""
    flow.executable @k workgroups [1, 1, 1] {{
      func.func @k(%x: memref<{size}xi32, {DEVICE}>, %out: memref<{size}xi32, {DEVICE}>{argument}) {{
        %0 = bufferization.to_tensor %x restrict : memref<{size}xi32, {DEVICE}> to tensor<{size}xi32>
        %e = tensor.empty() : tensor<{size}xi32>
        {before}
        %1 = linalg.generic {{
          indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]
        }} ins(%0 : tensor<{size}xi32>) outs(%e : tensor<{size}xi32>) {{
        ^bb0(%p: i32, %o: i32):
          %i = linalg.index 0 : index
          {body}
          linalg.yield %r : i32
        }} -> tensor<{size}xi32>
        bufferization.materialize_in_destination %1 in restrict writable %out
          : (tensor<{size}xi32>, memref<{size}xi32, {DEVICE}>) -> ()
        func.return
      }}
    }}"""
    (executable,) = parse(text).body.block.ops
    assert isinstance(executable, ExecutableOp)
    return executable


ADD = "%r = arith.addi %p, %p : i32"


def test_a_kernel_with_enough_work_has_no_obstacle() -> None:
    assert obstacle(kernel(ADD)) is None


def test_operations_are_iterations_times_ops_of_the_body() -> None:
    assert workgroup_operations(kernel(ADD, size=100)) == 100
    assert workgroup_operations(kernel(f"%s = arith.muli %p, %p : i32\n{ADD}", size=100)) == 200


def test_moving_an_element_is_one_operation() -> None:
    text = ADD.replace("%r", "%unused")
    assert workgroup_operations(kernel(f"%r = arith.constant 0 : i32\n{text}", size=7)) == 7
    assert workgroup_operations(kernel("%r = arith.constant 0 : i32", size=7)) == 7


@pytest.mark.parametrize(("size", "is_enough"), [(MIN_OPERATIONS - 1, False), (MIN_OPERATIONS, True)])
def test_small_workgroups_stay_portable(size: int, *, is_enough: bool) -> None:
    reason = obstacle(kernel(ADD, size=size))
    assert reason == (None if is_enough else f"a workgroup is {size} element operations, at least 512 pay for a call")


def test_an_empty_kernel_stays_portable() -> None:
    assert obstacle(kernel(ADD, size=0)) is not None


@pytest.mark.parametrize(
    "index",
    [
        "%at = arith.constant 3 : index",
        "%at = hal.workgroup_id 0",
    ],
)
def test_places_that_follow_from_the_loops_are_known(index: str) -> None:
    assert obstacle(kernel(f"{index}\n%r = tensor.extract %0[%at] : tensor<1024xi32>")) is None


@pytest.mark.parametrize(
    "index",
    ["%at = arith.addi %i, %i : index", "%c = arith.constant 2 : index\n%at = arith.divui %i, %c : index"],
)
def test_places_that_may_be_outside_are_an_obstacle(index: str) -> None:
    reason = obstacle(kernel(f"{index}\n%r = tensor.extract %0[%at] : tensor<1024xi32>"))
    assert reason == "'tensor.extract' is not known to stay inside of its operands"


@pytest.mark.parametrize(
    "index",
    [
        "%at = arith.index_cast %p : i32 to index",
        "%q = arith.index_cast %p : i32 to index\n%at = arith.minui %q, %i : index",
        "%n = tensor.extract %0[%i] : tensor<1024xi32>\n%at = arith.index_cast %n : i32 to index",
    ],
)
def test_places_that_depend_on_data_are_an_obstacle(index: str) -> None:
    reason = obstacle(kernel(f"{index}\n%r = tensor.extract %0[%at] : tensor<1024xi32>"))
    assert reason == "a place that 'tensor.extract' accesses depends on data"


def test_a_slice_at_a_place_that_the_caller_gives_is_an_obstacle() -> None:
    before = "%s = tensor.extract_slice %0[%n] [4] [1] : tensor<1024xi32> to tensor<4xi32>"
    reason = obstacle(kernel(ADD, before=before, argument=", %n: index"))
    assert reason == "a place that 'tensor.extract_slice' accesses depends on data"


@pytest.mark.parametrize("op", ["divsi", "divui", "remsi", "remui", "ceildivsi", "ceildivui", "floordivsi"])
@pytest.mark.parametrize(("divisor", "is_safe"), [("3", True), ("-7", True), ("0", False), ("-1", False)])
def test_divisions_by_constants(op: str, divisor: str, *, is_safe: bool) -> None:
    reason = obstacle(kernel(f"%c = arith.constant {divisor} : i32\n%r = arith.{op} %p, %c : i32"))
    assert reason == (None if is_safe else "an integer division may have no result")


def test_divisions_by_data_are_an_obstacle() -> None:
    assert obstacle(kernel("%r = arith.divsi %p, %p : i32")) == "an integer division may have no result"


def test_an_assertion_is_an_obstacle() -> None:
    body = f'%c = arith.cmpi eq, %p, %p : i32\ncf.assert %c, "no"\n{ADD}'
    assert obstacle(kernel(body)) == "an assertion may stop it"


def test_a_loop_that_ends_when_data_says_is_an_obstacle() -> None:
    body = """
    %r = scf.while (%a = %p) : (i32) -> i32 {
      %c = arith.cmpi slt, %a, %p : i32
      scf.condition(%c) %a : i32
    } do {
    ^bb0(%b: i32):
      scf.yield %b : i32
    }"""
    assert obstacle(kernel(body)) == "how long it runs depends on data"


@pytest.mark.parametrize(("bound", "is_known"), [("%i", True), ("%n", False)])
def test_the_trip_count_of_a_loop(bound: str, *, is_known: bool) -> None:
    body = f"""
    %n = arith.index_cast %p : i32 to index
    %one = arith.constant 1 : index
    %r = scf.for %j = %one to {bound} step %one iter_args(%a = %p) -> (i32) {{
      %x_j = tensor.extract %0[%j] : tensor<1024xi32>
      scf.yield %x_j : i32
    }}"""
    assert obstacle(kernel(body)) == (None if is_known else "how long it runs depends on data")
