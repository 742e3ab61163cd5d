"""What Shardy notes of how a program is spread over devices: read, printed back, and without meaning on one device.

```mlir
sdy.mesh @mesh = <["x"=2, "y"=4]>
%0 = stablehlo.custom_call @f(%x) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j]) {i=4, j=4}>} : …
```
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, IntAttr, StringAttr, SymbolNameConstraint, UnregisteredAttr
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute
from xdsl.irdl import IRDLOperation, irdl_attr_definition, irdl_op_definition, prop_def, traits_def
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.traits import SymbolOpInterface
from xdsl.utils.exceptions import VerifyException

_NAMES = (
    "dimension_sharding",
    "list_of_axis_ref_lists",
    "manual_axes",
    "op_sharding_rule",
    "sharding",
    "sharding_per_value",
)


def _annotation(name: str) -> type[UnregisteredAttr]:
    """A class of attributes that keep their text."""
    made = UnregisteredAttr.with_name_and_type(name, is_type=False)
    made.name = name
    return made


@irdl_attr_definition
class MeshAttr(ParametrizedAttribute):
    """Axes of devices and how many there are along each; `device_ids` where they are not in order."""

    name = "sdy.mesh"

    axes: ArrayAttr[StringAttr]
    sizes: ArrayAttr[IntAttr]
    device_ids: ArrayAttr[IntAttr]

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            axes = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, lambda: _parse_axis(parser))
            ids: list[int] = []
            if parser.parse_optional_punctuation(","):
                parser.parse_keyword("device_ids")
                parser.parse_punctuation("=")
                ids = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
        names = ArrayAttr(StringAttr(name) for name, _ in axes)
        return names, ArrayAttr(IntAttr(size) for _, size in axes), ArrayAttr(IntAttr(device) for device in ids)

    def print_parameters(self, printer: Printer) -> None:
        axes = [f'"{name.data}"={size.data}' for name, size in zip(self.axes, self.sizes, strict=True)]
        ids = ", ".join(str(device.data) for device in self.device_ids)
        with printer.in_angle_brackets():
            printer.print_string(f"[{', '.join(axes)}]" + (f", device_ids=[{ids}]" if ids else ""))

    def verify(self) -> None:
        if len(self.axes) != len(self.sizes):
            raise VerifyException(f"expected a size for each of {len(self.axes)} axes, got {len(self.sizes)}")


def _parse_axis(parser: AttrParser) -> tuple[str, int]:
    name = parser.parse_str_literal()
    parser.parse_punctuation("=")
    return name, parser.parse_integer(allow_boolean=False, allow_negative=False)


@irdl_op_definition
class MeshOp(IRDLOperation):
    """A name for devices."""

    name = "sdy.mesh"

    sym_name = prop_def(SymbolNameConstraint())
    mesh = prop_def(MeshAttr)
    traits = traits_def(SymbolOpInterface())
    assembly_format = "$sym_name `=` $mesh attr-dict"


Sdy = Dialect("sdy", [MeshOp], [MeshAttr, *(_annotation(f"sdy.{name}") for name in _NAMES)])
