"""Verifying modules: every fault becomes a `CompileError` at the operation that has it.

Besides each op's own verifier this checks what xDSL's does not: that values are used where they can be seen and after
they are defined, and the rules of `op_rules`. Ops of one form verify alike, so one of them is verified: most ops of a
module are constants, loads and arithmetic of a few types.
"""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation, SSAValue
from xdsl.traits import (
    HasAncestor,
    HasParent,
    IsolatedFromAbove,
    IsTerminator,
    NoTerminator,
    SymbolTable,
    SymbolUserOpInterface,
)
from xdsl.utils.exceptions import VerifyException

from zellige.support.diagnostics import place_of, sentence
from zellige.support.errors import CompileError
from zellige.support.op_rules import check_op

_FAULTS = (VerifyException, AssertionError, ValueError, IndexError, KeyError, NotImplementedError, TypeError)
"""What the verifiers of xDSL raise: they also assert, index and convert before they have checked that they can."""

_LOOK_AROUND = (HasAncestor, HasParent, IsTerminator, SymbolUserOpInterface)
"""Traits of ops whose verifiers or rules look at more than the op: at what it is in, or at symbols."""

_Form = tuple[object, ...]


def verify_module(module: ModuleOp) -> None:
    """Check `module` and all in it. Raises `CompileError` at the first operation with a fault."""
    _check_scopes(module, set())
    verified = set[_Form]()
    for op in module.walk():
        try:
            _check_structure(op)
            form = _form(op)
            if form is None or form not in verified:
                op.verify_()
                check_op(op)
                if form is not None:
                    verified.add(form)
        except _FAULTS as error:
            reason = sentence(str(error)) if str(error) else "its operands, attributes or regions are not of its form"
            raise _fault(op, f"'{op.name}': {reason}") from error


def _form(op: Operation) -> _Form | None:
    """All that is looked at to verify the op, or `None` where that may be more than its types and attributes."""
    if op.regions or op.successors or any(isinstance(trait, _LOOK_AROUND) for trait in op.traits):
        return None
    return (type(op), op.operand_types, op.result_types, tuple(op.properties.items()), tuple(op.attributes.items()))


def _fault(op: Operation, message: str) -> CompileError:
    return CompileError(message, op=op, place=place_of(op))


def _check_structure(op: Operation) -> None:
    if successors := op.successors:
        block = op.parent
        if block is None or block.last_op is not op:
            raise VerifyException("an operation with successors stands at the end of its block")
        if any(successor.parent is not block.parent for successor in successors):
            raise VerifyException("the successor is a block of another region")
    if not op.regions:
        return
    if op.has_trait(SymbolTable, value_if_unregistered=False):
        _check_symbols(op)
    for region in op.regions:
        is_only = region.first_block is region.last_block
        for inner in region.blocks:
            _check_end(op, inner.last_op, is_only=is_only)


def _check_symbols(table: Operation) -> None:
    seen: set[str] = set()
    for op in (op for block in table.regions[0].blocks for op in block.ops):
        if (name := op.get_attr_or_prop("sym_name")) is None or not isinstance(name, StringAttr):
            continue
        if name.data in seen:
            raise _fault(op, f"'@{name.data}' is defined twice")
        seen.add(name.data)


def _check_end(op: Operation, last: Operation | None, *, is_only: bool) -> None:
    if is_only and op.has_trait(NoTerminator):
        return
    if last is None:
        raise VerifyException("expected a terminator at the end of the block, got an empty block")
    if not last.has_trait(IsTerminator, value_if_unregistered=True):
        raise _fault(last, f"expected a terminator at the end of the block, got '{last.name}'")


def _check_scopes(op: Operation, visible: set[SSAValue]) -> None:
    """Check that operands inside `op` are defined before their use, in their own block or one around it.

    Between the blocks of a region with several only the region is checked, not the order. `visible` is left as it was.
    """
    for region in op.regions:
        inner = set[SSAValue]() if op.has_trait(IsolatedFromAbove) else visible
        added: list[SSAValue] = [argument for block in region.blocks for argument in block.args]
        if region.first_block is not region.last_block:
            added += [result for block in region.blocks for child in block.ops for result in child.results]
        inner.update(added)
        for block in region.blocks:
            for child in block.ops:
                for index, operand in enumerate(child.operands):
                    if operand not in inner:
                        name = f"'%{operand.name_hint}'" if operand.name_hint else f"operand {index}"
                        raise _fault(child, f"'{child.name}': {name} is defined after this use or out of its reach")
                _check_scopes(child, inner)
                inner.update(child.results)
                added += child.results
        inner.difference_update(added)
