"""Excerpts, split files and expected errors."""

from zellige.support.diagnostics import check_expected, cut_excerpt, expected_errors, render, sentence, split_input
from zellige.support.errors import CompileError, Note, SourcePlace, UsageError


def error(line: int, message: str) -> CompileError:
    return CompileError(message, place=SourcePlace("a.mlir", line, 3))


def test_render_shows_place_pass_excerpt_and_notes() -> None:
    failure = CompileError(
        "needs bytes 64..128, the slab ends at 100",
        place=SourcePlace("model.mlir", 2, 3),
        notes=(
            Note("raise it with 'assign-slab-offsets{limit=N}'"),
            Note("first used", SourcePlace("model.mlir", 1, 1)),
        ),
        pass_name="assign-slab-offsets",
    )
    assert render(failure, "first\n  %large = slab.reserve 64 align 4\nlast\n") == (
        "model.mlir:2:3: error: needs bytes 64..128, the slab ends at 100 [assign-slab-offsets]\n"
        "    %large = slab.reserve 64 align 4\n"
        "    ^\n"
        "note: raise it with 'assign-slab-offsets{limit=N}'\n"
        "model.mlir:1:1: note: first used"
    )


def test_render_looks_the_file_up() -> None:
    assert render(error(1, "wrong"), {"a.mlir": "  x"}.get) == "a.mlir:1:3: error: wrong\n    x\n    ^"
    assert render(error(1, "wrong"), lambda _: None) == "a.mlir:1:3: error: wrong"


def test_render_of_other_errors_has_no_place() -> None:
    assert render(UsageError("no such thing", nearest="thing")) == "error: no such thing; did you mean 'thing'?"


def test_a_cut_excerpt_keeps_the_column() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    excerpt, column = cut_excerpt(line, 501)
    assert excerpt[column - 1 :].startswith("HERE")
    assert len(excerpt) == 122
    assert cut_excerpt("short", 3) == ("short", 3)


def test_sentences_are_ours() -> None:
    assert sentence(
        "operand 'rhs' at position 1 does not verify:\nattribute f32 expected from variable 'T', but got f64"
    ) == ("operand 'rhs': expected f32, got f64")
    assert sentence("Expected `)`.") == "expected ')'"
    assert sentence("SSA value %a is already defined") == "SSA value %a is already defined"


def test_parts_keep_their_line_numbers() -> None:
    text = "a\n// -----\nb\nc\n// -----\n\nd\n"
    parts = split_input(text)
    assert parts == ["a\n", "\n\nb\nc\n", "\n\n\n\n\n\nd\n"]
    assert [part.splitlines().index(word) + 1 for part, word in zip(parts, "abd", strict=True)] == [1, 3, 7]


def test_where_errors_are_expected() -> None:
    text = (
        "// expected-error@below {{one}}\n"
        "op // expected-error {{two}} expected-error@above {{not a comment of its own}}\n"
        "// expected-error@above {{three}}\n"
        "// expected-error@+2 {{four}}\n"
    )
    assert [(e.line, e.text) for e in expected_errors(text)] == [(2, "one"), (2, "two"), (2, "three"), (6, "four")]


def test_missing_moved_and_extra_errors_are_problems() -> None:
    text = "// expected-error@below {{too large}}\nop\n"
    assert check_expected(text, [error(2, "it is too large")]) == []
    assert check_expected(text, []) == ["line 2: expected error 'too large', got none"]
    assert check_expected(text, [error(3, "it is too large")]) == [
        "line 2: expected error 'too large', got none",
        "line 3: unexpected error 'it is too large'",
    ]
    assert check_expected("op\n", [CompileError("lost")]) == ["no place: unexpected error 'lost'"]
