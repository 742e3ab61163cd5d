"""Pieces of vectors cover each element once, in machine widths."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from zellige.maths.vector_pieces import Piece, binary_chunks, descending_steps, pieces


@given(st.lists(st.integers(0, 9), min_size=1, max_size=3), st.sampled_from([1, 2, 4, 8, 16]))
def test_each_element_is_in_one_piece(shape: list[int], lanes: int) -> None:
    covered = [(*piece.outer, piece.start + lane) for piece in pieces(shape, lanes) for lane in range(piece.width)]
    assert covered == list(product(*map(range, shape)))


@given(st.integers(1, 100), st.sampled_from([1, 2, 4, 8, 16]))
def test_widths_fall_and_are_powers_of_two(size: int, lanes: int) -> None:
    widths = [piece.width for piece in pieces([size], lanes)]
    assert widths == sorted(widths, reverse=True)
    assert all(width <= lanes and width & (width - 1) == 0 for width in widths)
    assert widths.count(lanes) == size // lanes or lanes == 1
    rest = [width for width in widths if width < lanes]
    assert len(rest) == len(set(rest))


def test_a_row_of_seven() -> None:
    assert pieces([1, 7], 4) == (Piece((0,), 0, 4), Piece((0,), 4, 2), Piece((0,), 6, 1))


@given(st.integers(0, 200), st.sampled_from([1, 2, 4, 8, 16]))
def test_each_chunk_is_whole_pieces_of_one_width(length: int, lanes: int) -> None:
    """So that halves of a chunk are halves of its pieces, or of the one piece that it is."""
    chunks = binary_chunks(length)
    assert sum(size for _, size in chunks) == length
    for start, size in chunks:
        inside = [piece for piece in pieces([length], lanes) if start <= piece.start < start + size]
        assert sum(piece.width for piece in inside) == size
        assert {piece.width for piece in inside} == {min(lanes, size)}


def test_steps_are_quarters_down_to_single_ones() -> None:
    assert descending_steps(16) == (16, 4, 1)
    assert descending_steps(6) == (6, 1)
    assert descending_steps(1) == (1,)


@given(st.integers(1, 300), st.integers(0, 2000))
def test_steps_go_through_any_extent(tile: int, extent: int) -> None:
    reached: list[int] = []
    start = 0
    for step in descending_steps(tile):
        stop = extent - extent % step
        reached += [place + i for place in range(start, stop, step) for i in range(step)]
        start = stop
    assert reached == list(range(extent))
