"""gpu: the attributes with which a loop says which workers run its iterations, `#gpu.block<x>`.

They have no meaning here: how work is shared out is chosen by schedules.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Dialect, ParametrizedAttribute
from xdsl.irdl import irdl_attr_definition, param_def
from xdsl.parser import AttrParser
from xdsl.printer import Printer


class _MappingAttr(ParametrizedAttribute):
    """A dimension of the grid of workers of one kind."""

    dimension: StringAttr = param_def()

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[StringAttr]:
        with parser.in_angle_brackets():
            return [StringAttr(parser.parse_identifier())]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(self.dimension.data)


@irdl_attr_definition
class BlockAttr(_MappingAttr):
    """`#gpu.block<x>`."""

    name = "gpu.block"


@irdl_attr_definition
class ThreadAttr(_MappingAttr):
    """`#gpu.thread<x>`."""

    name = "gpu.thread"


@irdl_attr_definition
class WarpAttr(_MappingAttr):
    """`#gpu.warp<x>`."""

    name = "gpu.warp"


@irdl_attr_definition
class WarpgroupAttr(_MappingAttr):
    """`#gpu.warpgroup<x>`."""

    name = "gpu.warpgroup"


Gpu = Dialect("gpu", [], [BlockAttr, ThreadAttr, WarpAttr, WarpgroupAttr])
