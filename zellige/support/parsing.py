"""Reading MLIR text: every operation gets its place, every fault in the text becomes a `CompileError` at its place.

xDSL's parser does the work. What is overridden here: locations (it keeps those that the text spells out only), dense
literals (they stay bytes, and hexadecimal floats are bits), resources (resolved to dense bytes, nothing is kept between
two texts), and errors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import TypeGuard, TypeVar, cast

from xdsl.context import Context
from xdsl.dialects.builtin import (
    AnyDenseElement,
    AnyFloat,
    ComplexType,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    DictionaryAttr,
    FileLineColLoc,
    IntAttr,
    LocationAttr,
    MemRefType,
    ModuleOp,
    RankedStructure,
    StringAttr,
    TensorType,
    UnknownLoc,
    UnregisteredOp,
    VectorType,
)
from xdsl.ir import Attribute, Dialect, Operation
from xdsl.parser import Parser
from xdsl.parser.generic_parser import ParserState
from xdsl.utils.exceptions import ParseError, PyRDLError, VerifyException
from xdsl.utils.lexer import Input, Position, Span, Token
from xdsl.utils.mlir_lexer import MLIRLexer, MLIRToken, MLIRTokenKind, PunctuationSpelling, StringLiteral

from zellige.support.diagnostics import excerpt_source, place_of, sentence
from zellige.support.errors import CompileError, Note, SourcePlace
from zellige.support.literals import (
    LiteralError,
    dense_from_hex,
    dense_from_numbers,
    dense_from_resource,
    float_from_bits,
)
from zellige.support.parameters import PARAMETER, PARAMETERS

TOKEN_WIDTH = 40
"""Characters of the text that a message quotes at most."""

UNUSED_FLAGS = MappingProxyType(
    {
        "exact": frozenset({"arith.divsi", "arith.divui", "arith.shrsi", "arith.shrui"}),
        "nneg": frozenset({"arith.extui", "arith.uitofp", "arith.index_castui"}),
        "overflow": frozenset({"arith.trunci"}),
        "fastmath": frozenset({"arith.extf", "arith.truncf", "arith.sitofp", "arith.uitofp", "arith.select"}),
    }
)
"""Promises of upstream's text that xDSL's ops have no place for: they are read and forgotten."""

_FLAG_PROPERTIES = MappingProxyType(
    {"exact": "isExact", "nneg": "nonNeg", "overflow": "overflowFlags", "fastmath": "fastmath"}
)
"""The same in generic form."""

UNREAD_OPS = frozenset(
    f"{dialect}.{name}"
    for dialect, names in {
        "arith": "convertf index_castui scaling_extf scaling_truncf",
        "math": "clampf erfc isfinite isinf isnan isnormal sincos",
        "stablehlo": "all_gather all_reduce all_to_all collective_broadcast collective_permute infeed outfeed "
        "partition_id recv reduce_scatter replica_id send uniform_dequantize uniform_quantize",
        "tensor": "bitcast rank",
    }.items()
    for name in names.split()
)
"""Ops that upstream has and no dialect here: their names are not misspelt, so no other name is suggested.

In generic form they are read, so that one error can name all of them.
"""

_OP_LINE = re.compile(r"""^\s*(?:%[^=\n]*=\s*)?"?([a-z_]\w*\.[a-z_][\w.]*)(?=[\s("<@])""", re.MULTILINE)
"""A line that begins with an op's name, or with results and one."""

_T = TypeVar("_T")


def parse_module(text: str, file: str, context: Context, *, keeps_names: bool = False) -> ModuleOp:
    """Read `text`, which came from `file`, into a module whose operations know their line and column.

    The module is not verified; `support.verification` does that. Raises `CompileError`, with the line of the text, for
    whatever is wrong with it: syntax, an unknown operation, an undefined value, a constant that does not fit its type.
    """
    if not text or text.isspace():
        raise CompileError("the file is empty", place=SourcePlace(file, 1, 1))
    parser: LocatedParser | None = None
    try:
        parser = LocatedParser(context, text, file, keeps_names=keeps_names)
        return parser.parse_module()
    except ParseError as error:
        message, place = _parse_message(error.msg, error.span), _place_of_span(error.span)
        notes: Sequence[Note] = error.notes if isinstance(error, _NotedParseError) else ()
        raise _at(place, message, text, notes) from error
    except RecursionError as error:
        raise _at(_place_of_parser(parser, file), "the text is nested too deeply to be read", text) from error
    except MemoryError as error:
        raise _at(_place_of_parser(parser, file), "there is not enough memory for this constant", text) from error
    except (CompileError, PyRDLError):
        raise
    except Exception as error:  # xDSL asserts, indexes and converts on the way, for example in an op's own parser
        name = "operation" if parser is None else f"'{parser.current_op}'"
        place = _place_of_parser(parser, file) if parser is None else parser.current_place()
        if isinstance(error, VerifyException):
            raise _at(place, f"{name}: {sentence(str(error))}", text) from error
        detail = " ".join(str(error).split())[:200]
        note = Note(f"the reader stopped with {type(error).__name__}{': ' if detail else ''}{detail}")
        raise _at(place, f"{name}: the text does not have the form that is expected here", text, (note,)) from error


class LocatedParser(Parser):
    """xDSL's parser with the changes that the file's docstring names."""

    def __init__(self, context: Context, text: str, file: str, *, keeps_names: bool = False) -> None:
        super().__init__(context, "", file)
        self._keeps_names = keeps_names
        self._file = StringAttr(file)
        self._text = text
        self._line, self._line_start, self._counted_to = 1, 0, 0
        self.current_op = "builtin.module"
        """Name of the operation that is being read."""
        self.current_position = 0
        """Where that operation starts."""
        self._resources: dict[str, Span[str]] = {}
        self._parser_state = ParserState(_LongStringLexer(Input(text, file)))

    def parse_module(self, allow_implicit_module: bool = True) -> ModuleOp:
        try:
            module = super().parse_module(allow_implicit_module)
        except ParseError as error:
            if self._current_token.kind == MLIRTokenKind.EOF and error.span.start == self.pos:
                self._explain_early_end()
            raise
        if module.location == UnknownLoc():
            module.location = self._location_at(0)
        self._resolve_resources(module)
        return module

    def _explain_early_end(self) -> None:
        """Give a better error than the one at the end of the text, where that one is about something before it."""
        for name, references in self.forward_ssa_references.items():
            for use in (use for value in references.values() for use in value.uses):
                raise self._error_at(use.operation, f"value '%{name}' is used but not defined")

    # Places

    def parse_operation(self) -> Operation:
        location = self._location_at(self.pos)
        around = self.current_op, self.current_position
        self.current_position = self.pos
        op = super().parse_operation()
        self.current_op, self.current_position = around
        if op.location == UnknownLoc():
            op.location = location
        for flag, ops in UNUSED_FLAGS.items():
            if op.name in ops:
                op.properties.pop(_FLAG_PROPERTIES[flag], None)
        return op

    def current_place(self) -> SourcePlace:
        """The place of the operation that is being read."""
        return _place_of_span(Span(self.current_position, self.current_position, self.lexer.input))

    def _location_at(self, position: Position) -> FileLineColLoc:
        if position < self._counted_to:
            self._line, self._line_start, self._counted_to = 1, 0, 0
        newlines = self._text.count("\n", self._counted_to, position)
        if newlines:
            self._line += newlines
            self._line_start = self._text.rfind("\n", self._counted_to, position) + 1
        self._counted_to = position
        return FileLineColLoc(self._file, IntAttr(self._line), IntAttr(position - self._line_start + 1))

    def _parse_location(self) -> LocationAttr:
        # Printers define location aliases at the end of the text; until then they say nothing, and line and column do.
        token = self._current_token
        if token.kind == MLIRTokenKind.HASH_IDENT and token.text not in self.attribute_aliases:
            self._consume_token()
            return UnknownLoc()
        location = super()._parse_location()
        if isinstance(location, FileLineColLoc) and self.parse_optional_keyword("to"):  # of a range, the start counts
            self.parse_optional_integer(allow_boolean=False, allow_negative=False)
            self.parse_punctuation(":")
            self.parse_integer(allow_boolean=False, allow_negative=False)
        return location

    def _parse_alias_def(self) -> None:
        position = self.pos
        name = self._consume_token().text
        self.parse_punctuation("=", " after the name of an alias")
        if name in self.attribute_aliases:
            self.raise_error(f"alias '{name}' is defined twice", position)
        location = self.parse_optional_location()
        self.attribute_aliases[name] = self.parse_attribute() if location is None else cast("Attribute", location)

    # Operations

    def _get_op_by_name(self, name: str) -> type[Operation]:
        stack = self._parser_state.dialect_stack
        if (op_type := self.ctx.get_optional_op(name, dialect_stack=stack)) is not None:
            self.current_op = op_type.name
            return op_type
        # The name has just been read: the error belongs in front of the current token.
        end = self._text.rfind(name, 0, self.pos) + len(name)
        if name in UNREAD_OPS and self._text[end : end + 1] == '"':
            self.current_op = name
            return UnregisteredOp.with_name(name)
        names = [op.name for dialect in self._dialects() for op in dialect.operations]
        near = None if name in UNREAD_OPS else _nearest(name, names, stack)
        message = f"op '{name}' is not supported" if near is None else f"unknown op '{name}'; did you mean '{near}'?"
        known = ", ".join(sorted({known.split(".")[0] for known in names} - {"builtin", "test"}))
        span = Span(end - len(name), end, self.lexer.input)
        raise _NotedParseError(span, message, (*self._others_unknown(end), Note(f"known dialects: {known}")))

    def _others_unknown(self, position: int) -> list[Note]:
        """What else begins a line from a position on like an op, and is none: reading ends at the first."""
        names = Counter(match.group(1) for match in _OP_LINE.finditer(self._text, position))
        counts = {name: count for name, count in names.items() if self.ctx.get_optional_op(name) is None}
        words = [f"'{name}'" if count == 1 else f"'{name}' ({count} times)" for name, count in counts.items()]
        return [Note(f"not supported either, from here on: {', '.join(words)}")] if words else []

    def _dialects(self) -> list[Dialect]:
        names = sorted(self.ctx.registered_dialect_names)
        return [dialect for name in names if (dialect := self.ctx.get_optional_dialect(name)) is not None]

    # Text

    def parse_punctuation(self, punctuation: PunctuationSpelling, context_msg: str = "") -> PunctuationSpelling:
        if punctuation == ":" and self._current_token.kind == MLIRTokenKind.BARE_IDENT:
            self._skip_flags()
        return super().parse_punctuation(punctuation, context_msg)

    def _skip_flags(self) -> None:
        while self.current_op in UNUSED_FLAGS.get(self._current_token.text, ()):
            self._consume_token()
            self.parse_optional_comma_separated_list(self.Delimiter.ANGLE, self.parse_identifier)

    def parse_optional_characters(self, text: str) -> str | None:
        # Compare lengths first: the current token may be a constant of 100 MB.
        if self._current_token.span.len != len(text):
            return None
        return super().parse_optional_characters(text)

    # Constants

    def parse_dense_int_or_fp_elements_attr(
        self,
        type: RankedStructure[AnyDenseElement] | None,  # noqa: A002 (the name is that of the overridden method)
    ) -> DenseIntOrFPElementsAttr:
        position = self.pos
        self.parse_punctuation("<", " in dense attribute")
        if self._current_token.kind == MLIRTokenKind.STRING_LIT:
            data = self._hex_bytes(self._consume_token().span)
            hex_type = self._end_of_dense(type)
            return self._fitted(position, lambda: dense_from_hex(hex_type, data))
        is_empty = self._current_token.kind == MLIRTokenKind.GREATER
        elements, shape = ([], [0]) if is_empty else self._parse_tensor_literal()
        dense_type = self._end_of_dense(type)
        if shape and not is_empty and tuple(shape) != tuple(dense_type.get_shape()):
            self.raise_error(f"the constant has shape {_shape_text(shape)}, its type is {dense_type}", position)
        numbers = [self._number(element, dense_type.element_type) for element in elements]
        return self._fitted(position, lambda: dense_from_numbers(dense_type, numbers, is_splat=not shape))

    def _end_of_dense(self, type_: RankedStructure[AnyDenseElement] | None) -> RankedStructure[AnyDenseElement]:
        self.parse_punctuation(">", " in dense attribute")
        if type_ is not None:
            return type_
        self.parse_punctuation(":", " in dense attribute")
        return self._parse_dense_literal_type()

    def _number(self, element: Parser._TensorLiteralElement, type_: AnyDenseElement) -> complex:
        if isinstance(type_, AnyFloat):
            return self._real(element.span.text, element.value, type_, element.span)
        if isinstance(type_, ComplexType) and isinstance(type_.element_type, AnyFloat):
            values = element.value if isinstance(element.value, tuple) else (element.value, 0.0)
            texts = element.span.text.strip("()").split(",")
            parts = [
                self._real(text.strip(), value, type_.element_type, element.span)
                for text, value in zip(texts, values, strict=False)
            ]
            return complex(*parts)
        number = element.to_type(self, type_)
        if isinstance(number, tuple):
            self.raise_error(f"constants of {type_} are not supported", element.span)
        return number

    def _real(self, text: str, value: float | tuple[float, float], type_: AnyFloat, span: Span[str]) -> float:
        """A number for a float, which is written with a point, or as its bits in hexadecimal digits."""
        if text[:2] in ("0x", "0X"):
            return self._fitted(span.start, lambda: float_from_bits(type_, int(text, 16)))
        if isinstance(value, int | tuple):
            self.raise_error(f"expected a number with a point for {type_}", span)
        return value

    def _hex_bytes(self, span: Span[str]) -> bytes:
        if self._text[span.start + 1 : span.start + 3] not in ("0x", "0X"):
            self.raise_error("expected hexadecimal digits after '0x' in the string", span.start, span.start + 1)
        try:
            return bytes.fromhex(self._text[span.start + 3 : span.end - 1])
        except ValueError as error:
            detail = "an odd number of digits" if (span.len - 4) % 2 else "something else in the string"
            raise ParseError(
                Span(span.start, span.start + 1, span.input), f"expected pairs of hexadecimal digits, got {detail}"
            ) from error

    def _fitted(self, position: Position, make: Callable[[], _T]) -> _T:
        try:
            return make()
        except LiteralError as error:
            raise ParseError(Span(position, position + 1, self.lexer.input), str(error)) from error

    # Resources

    def _parse_builtin_dense_resource_attr(self) -> DenseResourceAttr:
        self.parse_punctuation("<", " in dense_resource attribute")
        key = self.expect(self.parse_optional_identifier_or_str_literal, "expected the name of a resource")
        self.parse_punctuation(">", " in dense_resource attribute")
        self.parse_punctuation(":", " in dense_resource attribute")
        return DenseResourceAttr.from_params(key, self._parse_dense_literal_type())

    def _parse_dense_literal_type(self) -> RankedStructure[AnyDenseElement]:
        # xDSL's makes the constraint on the type anew for each constant, which takes longer than reading it.
        position = self.pos
        type_ = self.parse_type()
        if not _is_dense_type(type_):
            self.raise_error(
                f"expected a tensor, vector or memref of numbers as the type of a constant, got {type_}", position
            )
        if not type_.has_static_shape():
            self.raise_error(f"the type of a constant has known sizes, got {type_}", position)
        return type_

    def _parse_single_dialect_resources(self) -> None:
        self.parse_identifier(" that is the name of a dialect")
        self.parse_punctuation(":")
        self.parse_comma_separated_list(self.Delimiter.BRACES, self._read_resource)

    def _read_resource(self) -> None:
        key = self.expect(self.parse_optional_identifier_or_str_literal, "expected the name of a resource")
        self.parse_punctuation(":")
        token = self._parse_token(MLIRTokenKind.STRING_LIT, "expected a string of hexadecimal digits")
        self._resources[key] = token.span

    def _resolve_resources(self, module: ModuleOp) -> None:
        """Put bytes in the place of names, but where these are outside the module."""
        resolved: dict[DenseResourceAttr, DenseIntOrFPElementsAttr] = {}
        parameters = module.attributes.get(PARAMETERS)
        outside = frozenset(parameters.data if isinstance(parameters, DictionaryAttr) else ())
        names: dict[Operation, StringAttr] = {}
        for op in module.walk():
            for values in (op.properties, op.attributes):
                for name, value in values.items():
                    if isinstance(value, DenseResourceAttr) and value.resource_handle.data not in outside:
                        if value not in resolved:
                            resolved[value] = self._resource(value, op)
                        values[name] = resolved[value]
                        names[op] = value.resource_handle
        if self._keeps_names:
            for op, name in names.items():
                op.attributes[PARAMETER] = name

    def _resource(self, value: DenseResourceAttr, op: Operation) -> DenseIntOrFPElementsAttr:
        key = value.resource_handle.data
        if (span := self._resources.get(key)) is None:
            hint = Note("resources are defined at the end of the text, between '{-#' and '#-}'")
            raise self._error_at(op, f"resource '{key}' is not defined", (hint,))
        assert _is_dense_type(value.type)
        try:
            return dense_from_resource(value.type, self._hex_bytes(span))
        except LiteralError as error:
            raise self._error_at(op, f"resource '{key}': {error}") from error

    def _error_at(self, op: Operation, message: str, notes: Sequence[Note] = ()) -> CompileError:
        place = place_of(op)
        line = None if place is None else excerpt_source(self._text, place)
        return CompileError(message, op=op, place=place, source_line=line, notes=notes)


class _LongStringLexer(MLIRLexer):
    """Finds the end of a string by plain searches, or where there are escapes by an expression that cannot backtrack.

    The one of xDSL copies a string several times, and takes exponential time for one that does not end.
    """

    _string = re.compile(r'"[^"\\\n\v\f]*(?:\\(?:["nt\\]|[0-9A-Fa-f]{2})[^"\\\n\v\f]*)*"')

    def _lex_string_literal(self, start_pos: Position) -> MLIRToken:
        content = self.input.content
        end = content.find('"', start_pos + 1) + 1
        if end and content.find("\\", start_pos, end) < 0 and content.find("\n", start_pos, end) < 0:
            self.pos = end
            return Token(MLIRTokenKind.STRING_LIT, Span(start_pos, end, self.input))
        if (found := self._string.match(content, start_pos)) is None:
            raise ParseError(Span(start_pos, start_pos + 1, self.input), "the string does not end on its line")
        self.pos = found.end()
        literal = StringLiteral(start_pos, self.pos, self.input)
        is_text = literal.bytes_contents.isascii()
        return Token(MLIRTokenKind.STRING_LIT if is_text else MLIRTokenKind.BYTES_LIT, literal)


class _NotedParseError(ParseError):
    """A parse error with hints."""

    def __init__(self, span: Span[str], message: str, notes: Sequence[Note]) -> None:
        super().__init__(span, message)
        self.notes = notes


def _at(place: SourcePlace, message: str, text: str, notes: Sequence[Note] = ()) -> CompileError:
    return CompileError(message, place=place, source_line=excerpt_source(text, place), notes=notes)


def _place_of_span(span: Span[str] | Span[bytes]) -> SourcePlace:
    location = span.get_location()
    return SourcePlace(location.file, location.line, location.col)


def _place_of_parser(parser: LocatedParser | None, file: str) -> SourcePlace:
    if parser is None:
        return SourcePlace(file, 1, 1)
    return _place_of_span(Span(parser.pos, parser.pos, parser.lexer.input))


def _parse_message(message: str, span: Span[str] | Span[bytes]) -> str:
    """A message of xDSL's parser in our form, with what stands there where something else was expected."""
    message = sentence(message)
    if "expected" in message and " got " not in message and " but " not in message:
        got = span.input.content[span.start : min(span.end, span.start + TOKEN_WIDTH + 1)]
        text = got.decode("utf-8", "replace") if isinstance(got, bytes) else got
        quoted = f"'{text[:TOKEN_WIDTH]}{'…' if len(text) > TOKEN_WIDTH else ''}'"
        message += f", got {quoted if text else 'the end of the text'}"
    return message


def _nearest(name: str, names: Sequence[str], dialect_stack: Sequence[str]) -> str | None:
    """The known name that `name` may have been meant to be, if one is near enough."""
    if "." not in name:
        dialects = [*dialect_stack, "func"]
        suffixes = {known.split(".", 1)[1]: known for known in names if known.split(".")[0] in dialects}
        close = get_close_matches(name, suffixes, n=1, cutoff=0.7)
        return suffixes[close[0]] if close else None
    dialect, suffix = name.split(".", 1)
    in_dialect = [known.split(".", 1)[1] for known in names if known.split(".")[0] == dialect]
    if in_dialect:
        close = get_close_matches(suffix, in_dialect, n=1, cutoff=0.7)
        return f"{dialect}.{close[0]}" if close else None
    close = get_close_matches(name, names, n=1, cutoff=0.85)
    return close[0] if close else None


def _is_dense_type(type_: Attribute) -> TypeGuard[RankedStructure[AnyDenseElement]]:
    if not isinstance(type_, TensorType | VectorType | MemRefType):
        return False
    return isinstance(cast("RankedStructure[Attribute]", type_).element_type, AnyDenseElement)


def _shape_text(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape))
