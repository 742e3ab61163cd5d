"""What is read off structured ops, and the tiles that are chosen for them."""

import pytest
from xdsl.dialects.linalg.ops import GenericOp

from tests.programs import parse
from zellige.analysis.nests import form_nests
from zellige.analysis.schedules import choose_tiles, combiner, reads_outputs
from zellige.analysis.structured import Access, Structured, structured
from zellige.analysis.target import NATIVE_TARGETS, WASM, TargetDescription
from zellige.analysis.workgroups import choose_workgroups
from zellige.maths.linear_forms import LinearForm
from zellige.support.errors import CompileError


def generics(body: str) -> list[GenericOp]:
    return [op for op in parse(f"func.func @f() {{\n{body}\nfunc.return\n}}").walk() if isinstance(op, GenericOp)]


def contraction(i: int, j: int, k: int) -> str:
    return f"""
    %a, %b, %c = "test.op"() : () -> (tensor<{i}x{k}xf32>, tensor<{k}x{j}xf32>, tensor<{i}x{j}xf32>)
    %r = linalg.generic {{
      indexing_maps = [
        affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>
      ],
      iterator_types = ["parallel", "parallel", "reduction"]
    }} ins(%a, %b : tensor<{i}x{k}xf32>, tensor<{k}x{j}xf32>) outs(%c : tensor<{i}x{j}xf32>) {{
    ^bb0(%p: f32, %q: f32, %o: f32):
      %m = arith.mulf %p, %q : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
    }} -> tensor<{i}x{j}xf32>"""


def window(channels: int, width: int, depth: int, taps: int) -> str:
    image, weights, result = f"{depth}x{width + taps - 1}", f"{channels}x{depth}x{taps}", f"{channels}x{width}"
    return f"""
    %a, %b, %c = "test.op"() : () -> (tensor<{image}xf32>, tensor<{weights}xf32>, tensor<{result}xf32>)
    %r = linalg.generic {{
      indexing_maps = [
        affine_map<(c, w, d, t) -> (d, w + t)>, affine_map<(c, w, d, t) -> (c, d, t)>,
        affine_map<(c, w, d, t) -> (c, w)>
      ],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]
    }} ins(%a, %b : tensor<{image}xf32>, tensor<{weights}xf32>) outs(%c : tensor<{result}xf32>) {{
    ^bb0(%p: f32, %q: f32, %o: f32):
      %m = arith.mulf %p, %q : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
    }} -> tensor<{result}xf32>"""


def unary(read: str, shape: str, size: int = 8) -> str:
    return f"""
    %a, %e = "test.op"() : () -> (tensor<{shape}xf32>, tensor<{size}xf32>)
    %r = linalg.generic {{
      indexing_maps = [affine_map<(i) -> ({read})>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]
    }} ins(%a : tensor<{shape}xf32>) outs(%e : tensor<{size}xf32>) {{
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    }} -> tensor<{size}xf32>"""


def view_of(body: str) -> Structured:
    return structured(generics(body)[0])


def test_a_contraction() -> None:
    view = view_of(contraction(6, 7, 8))
    assert view.extents == (6, 7, 8)
    assert (view.parallel_loops, view.reduction_loops, view.inputs) == ((0, 1), (2,), 2)
    assert [access.permuted_loops for access in view.accesses] == [(0, 2), (2, 1), (0, 1)]


@pytest.mark.parametrize("read", ["i floordiv 2", "i mod 4", "i ceildiv 2"])
def test_divisions_in_maps_are_refused(read: str) -> None:
    with pytest.raises(CompileError, match="expected a sum of multiples of loop counters"):
        view_of(unary(read, "8"))


@pytest.mark.parametrize(
    ("read", "shape", "strided"),
    [("i * 2", "16", True), ("i, 3", "8x4", True), ("i, i", "8x8", False), ("0", "1", True)],
)
def test_what_a_vector_can_be_read_from(read: str, shape: str, strided: bool) -> None:
    assert view_of(unary(read, shape)).accesses[0].is_strided([0]) == strided


def test_two_vector_loops_in_one_dimension_are_no_slice() -> None:
    access = Access((LinearForm((1, 1, 0)), LinearForm((0, 0, 1))))
    assert not access.is_strided([0, 1])
    assert access.is_strided([0, 2])


def test_combiners() -> None:
    op = generics(contraction(2, 3, 4))[0]
    kind = combiner(op)
    assert kind is not None
    assert kind.value == "add"
    assert reads_outputs(op)
    copy = generics(unary("i", "8"))[0]
    assert combiner(copy) is None
    assert not reads_outputs(copy)


def tiles(body: str, target: TargetDescription = WASM) -> tuple[tuple[int, ...], ...]:
    (nest,) = form_nests(generics(body))
    return choose_tiles(nest, target)


def test_a_contraction_gets_a_register_tile() -> None:
    assert tiles(contraction(64, 64, 64)) == ((2, 16, 1),)


def test_the_tile_follows_the_width_of_vectors() -> None:
    assert tiles(contraction(64, 64, 64), TargetDescription(vector_bits=64)) == ((2, 8, 1),)


@pytest.mark.parametrize(("target", "tile"), [("avx512", (8, 32, 1)), ("avx2", (6, 16, 1)), ("neon", (6, 16, 1))])
def test_tiles_of_native_targets(target: str, tile: tuple[int, ...]) -> None:
    assert tiles(contraction(512, 512, 512), NATIVE_TARGETS[target]) == (tile,)


def test_narrow_results_have_no_more_rows_than_the_cache_has_ways() -> None:
    assert tiles(contraction(64, 16, 64), NATIVE_TARGETS["avx512"]) == ((8, 16, 1),)


@pytest.mark.parametrize(("target", "columns"), [("avx512", 128), ("avx2", 64), ("neon", 32)])
def test_one_row_streams_the_matrix(target: str, columns: int) -> None:
    assert tiles(contraction(1, 512, 64), NATIVE_TARGETS[target]) == ((1, columns, 1),)


@pytest.mark.parametrize(
    ("target", "rows", "columns"), [(WASM, 4, 8), (NATIVE_TARGETS["avx512"], 6, 64), (NATIVE_TARGETS["avx2"], 4, 24)]
)
def test_windows_have_more_rows_or_vectors(target: TargetDescription, rows: int, columns: int) -> None:
    assert tiles(window(64, 160, 32, 3), target) == ((rows, columns, 1, 1),)


@pytest.mark.parametrize(("width", "tile"), [(16, (8, 16)), (56, (6, 56)), (80, (8, 48)), (161, (6, 64))])
def test_windows_are_cut_evenly(width: int, tile: tuple[int, int]) -> None:
    assert tiles(window(64, width, 32, 3), NATIVE_TARGETS["avx512"]) == ((*tile, 1, 1),)


def test_a_diagonal_runs_element_by_element() -> None:
    assert tiles(unary("i, i", "8x8")) == ((1,),)


def workgroups(body: str) -> tuple[int, ...]:
    nests = form_nests(generics(body))
    return choose_workgroups(nests, WASM, choose_tiles(nests[-1], WASM)[-1])


def test_little_work_is_one_workgroup() -> None:
    assert workgroups(unary("i", "8")) == (0,)


@pytest.mark.parametrize("size", [512, 640, 1000])
def test_workgroups_divide_the_loops(size: int) -> None:
    sizes = workgroups(contraction(size, size, size))
    assert any(sizes)
    assert sizes[2] == 0
    assert all(part == 0 or size % part == 0 for part in sizes)


def test_workgroups_have_no_odd_ends() -> None:
    assert workgroups(contraction(512, 508, 1280)) == (128, 0, 0)


def test_what_passes_between_nests_is_small() -> None:
    """Rows of 508 numbers are computed before their maximum is taken: 1 MB of them, so at most half in a workgroup."""
    body = """
    %a = "test.op"() : () -> tensor<512x508xf32>
    %e, %o = "test.op"() : () -> (tensor<512x508xf32>, tensor<512xf32>)
    %x = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]
    } ins(%a : tensor<512x508xf32>) outs(%e : tensor<512x508xf32>) {
    ^bb0(%p: f32, %q: f32):
      %t = math.exp %p : f32
      linalg.yield %t : f32
    } -> tensor<512x508xf32>
    %r = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "reduction"]
    } ins(%x : tensor<512x508xf32>) outs(%o : tensor<512xf32>) {
    ^bb0(%p: f32, %q: f32):
      %m = arith.maximumf %p, %q : f32
      linalg.yield %m : f32
    } -> tensor<512xf32>"""
    nests = form_nests(generics(body))
    target = TargetDescription(workgroup_work=1 << 24)
    assert len(nests) == 2
    assert choose_workgroups(nests, target, (1, 16)) == (256, 0)


@pytest.mark.parametrize(("target", "size"), [(WASM, 4), (NATIVE_TARGETS["avx512"], 64), (NATIVE_TARGETS["avx2"], 8)])
def test_functions_work_on_as_many_vectors_as_registers_hold(target: TargetDescription, size: int) -> None:
    body = unary("i", "512", 512).replace("linalg.yield %p", "%e1 = math.exp %p : f32\nlinalg.yield %e1")
    assert tiles(body, target) == ((size,),)


@pytest.mark.parametrize(
    ("comparison", "kept", "kind"),
    [
        ("olt, %o, %p", "%p, %o", "maxnumf"),
        ("oge, %p, %o", "%p, %o", "maxnumf"),
        ("ogt, %o, %p", "%p, %o", "minnumf"),
        ("ole, %p, %o", "%p, %o", "minnumf"),
        ("olt, %o, %p", "%o, %p", None),  # takes NaN
        ("ult, %o, %p", "%p, %o", None),  # takes NaN
        ("oeq, %o, %p", "%p, %o", None),
        ("olt, %o, %o", "%p, %o", None),
    ],
)
def test_comparisons_that_keep_an_extreme(comparison: str, kept: str, kind: str | None) -> None:
    body = f"""
    %a, %b = "test.op"() : () -> (tensor<8xf32>, tensor<f32>)
    %r = linalg.generic {{
      indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]
    }} ins(%a : tensor<8xf32>) outs(%b : tensor<f32>) {{
    ^bb0(%p: f32, %o: f32):
      %c = arith.cmpf {comparison} : f32
      %m = arith.select %c, {kept} : f32
      linalg.yield %m : f32
    }} -> tensor<f32>"""
    found = combiner(generics(body)[0])
    assert (found.value if found is not None else None) == kind
