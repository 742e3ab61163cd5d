"""What Shardy notes of how a program is spread over devices: read, printed back, and without meaning on one device.

```mlir
%0 = stablehlo.custom_call @f(%x) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j]) {i=4, j=4}>} : …
```
"""

from __future__ import annotations

from xdsl.dialects.builtin import UnregisteredAttr
from xdsl.ir import Dialect

_NAMES = (
    "dimension_sharding",
    "list_of_axis_ref_lists",
    "manual_axes",
    "mesh",
    "op_sharding_rule",
    "sharding",
    "sharding_per_value",
)


def _annotation(name: str) -> type[UnregisteredAttr]:
    """A class of attributes that keep their text."""
    made = UnregisteredAttr.with_name_and_type(name, is_type=False)
    made.name = name
    return made


Sdy = Dialect("sdy", [], [_annotation(f"sdy.{name}") for name in _NAMES])
