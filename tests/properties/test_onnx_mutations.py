"""Models with changed bytes are read, or refused with an error of ours."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import parser

from zellige.frontends.onnx.importer import import_model
from zellige.support.errors import CompileError
from zellige.support.verification import verify_module

HEADER = '<ir_version: 8, opset_import: ["" : 17]>'
MODELS = [
    parser.parse_model(f"{HEADER} {text}").SerializeToString()
    for text in (
        "g (float[1,2,5,5] x, float[2,2,3,3] k) => (float[1,2,3,3] y) { [c] a = Conv(x, k) y = Relu(a) }",
        "g (float[2,6] x) => (float[3,4] y) <int64[2] s = {3, -1}> { [r] a = Reshape(x, s) [t] y = Softmax(a) }",
        """g (float[2,6] x) => (float[2,3] y) <int64[1] b = {1}, int64[1] e = {4}, int64[1] a = {1}> {
            y = Slice(x, b, e, a) }""",
        """g (float[4,4] x) => (float[4] y) { a = ReduceMax <axes = [1]> (x) b = Sub(x, a)
            y = Einsum <equation = "ii->i"> (b) }""",
        """g (bool c, float[2] x) => (float[2] y) { y = If (c) <then_branch = t () => (float[2] a) { a = Neg(x) },
            else_branch = e () => (float[2] b) { b = Exp(x) }> }""",
    )
]


@settings(max_examples=150, derandomize=True)
@given(
    st.sampled_from(MODELS), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=3)
)
def test_changed_bytes(content: bytes, changes: list[tuple[int, int]]) -> None:
    changed = bytearray(content)
    for position, byte in changes:
        changed[position % len(changed)] = byte
    with suppress(CompileError):
        verify_module(import_model(bytes(changed)))
