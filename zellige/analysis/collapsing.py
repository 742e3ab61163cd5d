"""Which neighbouring dimensions of a kernel's tensors can be one: decides only, `collapse-loops` applies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects import tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import Block, BlockArgument, Operation, SSAValue

from zellige.analysis.structured import Access, Structured, structured
from zellige.dialects.bufferization import MaterializeInDestinationOp, ToTensorOp
from zellige.dialects.shaped_types import is_tensor, tensor_type


@dataclass(frozen=True)
class Collapsing:
    """`joined[value][k]` says whether dimensions k and k + 1 of a tensor become one."""

    joined: dict[SSAValue, list[bool]]

    @property
    def changes_anything(self) -> bool:
        return any(any(marks) for marks in self.joined.values())

    def dimension_groups(self, value: SSAValue) -> list[list[int]]:
        """The dimensions of a tensor, those that become one together."""
        groups: list[list[int]] = []
        for dimension in range(tensor_type(value).get_num_dims()):
            if dimension and self.joined[value][dimension - 1]:
                groups[-1].append(dimension)
            else:
                groups.append([dimension])
        return groups

    def loop_groups(self, op: GenericOp, view: Structured) -> list[list[int]]:
        """The loops of a generic, those that become one together in the order of the dimensions."""
        following: dict[int, int] = {}
        for value, access in zip(op.operands, view.accesses, strict=True):
            for dimension, is_joined in enumerate(self.joined.get(value, [])):
                if is_joined:
                    first, second = (access.forms[d].single_loop for d in (dimension, dimension + 1))
                    assert first is not None
                    assert second is not None
                    following[first] = second
        inner = set(following.values())
        groups: list[list[int]] = []
        for loop in range(len(view.extents)):
            if loop in inner:
                continue
            group = [loop]
            while group[-1] in following:
                group.append(following[group[-1]])
            groups.append(group)
        return groups


def find_collapsing(block: Block) -> Collapsing:
    """Join as many dimensions as every use of every tensor allows."""
    generics = [op for op in block.ops if isinstance(op, GenericOp)]
    views = {op: structured(op) for op in generics}
    joined: dict[SSAValue, list[bool]] = {}
    for op in block.ops:
        for value in op.results:
            if is_tensor(value.type):
                pairs = max(0, value.type.get_num_dims() - 1)
                may_change = _may_change(op) and all(_is_simple_use(use.operation) for use in value.uses)
                known = [size != DYNAMIC_INDEX for size in value.type.get_shape()]
                joined[value] = [may_change and known[pair] and known[pair + 1] for pair in range(pairs)]
    while any(_restrict(op, views[op], joined) for op in generics):
        pass
    return Collapsing(joined)


def _may_change(op: Operation) -> bool:
    if isinstance(op, ToTensorOp):
        return isinstance(op.memref, BlockArgument)
    return isinstance(op, GenericOp | tensor.EmptyOp)


def _is_simple_use(user: Operation) -> bool:
    """Whether a tensor is used as a whole; reads inside a body and slices are not."""
    if isinstance(user, MaterializeInDestinationOp):
        return isinstance(user.dest, BlockArgument)
    return isinstance(user, GenericOp)


def _restrict(op: GenericOp, view: Structured, joined: dict[SSAValue, list[bool]]) -> bool:
    """Take back what this generic does not allow; whether there was something."""
    indexed = {o.dim.value.data for o in op.walk() if isinstance(o, IndexOp)}
    changed = False
    for value, access in zip(op.operands, view.accesses, strict=True):
        for dimension, is_joined in enumerate(joined.get(value, [])):
            if not is_joined:
                continue
            first, second = (access.forms[d].single_loop for d in (dimension, dimension + 1))
            if (
                first is None
                or second is None
                or first == second
                or {first, second} & indexed
                or view.parallel[first] != view.parallel[second]
                or not _all_agree(op, view, first, second, joined)
            ):
                joined[value][dimension] = False
                changed = True
    first_output = len(op.inputs)
    for init, result in zip(op.operands[first_output:], op.results, strict=True):
        for dimension, (left, right) in enumerate(zip(joined[init], joined[result], strict=True)):
            if left != right:
                joined[init][dimension] = joined[result][dimension] = False
                changed = True
    return changed


def _all_agree(op: GenericOp, view: Structured, first: int, second: int, joined: dict[SSAValue, list[bool]]) -> bool:
    """Whether each operand has the two loops side by side in joined dimensions, or none of them."""
    for value, access in zip(op.operands, view.accesses, strict=True):
        places = _places(access, (first, second))
        if not places:
            continue
        singles = [access.forms[place].single_loop for place in places]
        if singles != [first, second] or places[1] != places[0] + 1 or not joined[value][places[0]]:
            return False
    return True


def _places(access: Access, loops: Sequence[int]) -> list[int]:
    return [i for i, form in enumerate(access.forms) if any(form.coefficients[loop] for loop in loops)]
