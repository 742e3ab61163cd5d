"""One pass as text, `tile-loops{tile-sizes=4,8 vectorise=true}`, and back.

Options are integers, booleans, plain words, tuples of these, or nothing (`option` without a value is None, or the empty
tuple). An option that has its default value is not written.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any, get_args, get_type_hints

from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import ArgSpec, ParameterListType, ParameterType
from xdsl.utils.hints import isa, type_repr

from zellige.support.errors import UsageError, nearest

KnownPasses = Mapping[str, Callable[[], type[ModulePass]]]
"""Pass name -> function that returns its class."""

_PLAIN_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def pass_text(pass_: ModulePass) -> str:
    """The text of one pass; `parse_pass` reads it back."""
    options = [_option_text(name, value) for name, value in pass_.spec().parameters.items()]
    return f"{pass_.name}{{{' '.join(options)}}}" if options else pass_.name


def _option_text(name: str, values: ParameterListType) -> str:
    key = name.replace("_", "-")
    return f"{key}={','.join(_value_text(value) for value in values)}" if values else key


def _value_text(value: ParameterType) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and (not _PLAIN_WORD.fullmatch(value) or value in ("true", "false")):
        return f'"{value}"'
    return str(value)


def parse_pass(spec: ArgSpec, known: KnownPasses) -> ModulePass:
    """The pass that a spec names. Raises `UsageError` for an unknown pass or option and for a value of another type."""
    if spec.name not in known:
        raise UsageError(f"unknown pass '{spec.name}'", nearest=nearest(spec.name, known))
    kind = known[spec.name]()
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    types: dict[str, Any] = get_type_hints(kind)
    given = spec.normalize_parameter_names().parameters
    for option in given:
        if option not in fields:
            words = [name.replace("_", "-") for name in fields]
            word = option.replace("_", "-")
            message = f"unknown option '{word}' of pass '{spec.name}', it has {', '.join(words) or 'none'}"
            raise UsageError(message, nearest=nearest(word, words))
    for option in fields:
        if option in kind.required_fields() and option not in given:
            raise UsageError(f"pass '{spec.name}' needs option '{option.replace('_', '-')}'")
    return kind(**{option: _convert(spec.name, option, values, types[option]) for option, values in given.items()})


def _convert(
    pass_name: str, option: str, values: ParameterListType, expected: Any
) -> ParameterListType | ParameterType | None:
    allows_bool = expected is bool or bool in get_args(expected)
    if len(values) == 1 and (allows_bool or not isinstance(values[0], bool)) and isa(values[0], expected):
        return values[0]
    if isa(values, expected):
        return values
    if not values and isa(None, expected):
        return None
    got = ",".join(_value_text(value) for value in values) or "no value"
    key = option.replace("_", "-")
    raise UsageError(f"option '{key}' of pass '{pass_name}' expects {type_repr(expected)}, got '{got}'")
