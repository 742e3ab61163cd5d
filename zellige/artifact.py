"""The seam between compiler and runtime: a module's bytes and what its `zellige.program` section says of them.

The section is a wasm custom section with UTF-8 JSON, the fields of `ProgramInfo` under the same names.
`docs/design/abi.md` says how a host calls the functions and entry points described here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from dataclasses import fields as dataclass_fields
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any, cast

from zellige.parameter_file import FILE_TYPES, PARAMETER_SUFFIX, ParameterTensor, write_parameters
from zellige.support.errors import RuntimeTrap, UsageError

ABI_VERSION = 2
PROGRAM_SECTION = "zellige.program"
TEMPLATE_DATABASES_SECTION = "zellige.template-databases"
WASM_HEADER = b"\0asm\1\0\0\0"

SHA256_BYTES = 32

KERNEL_GROUP = "zellige.kernels"
"""The group of built-in functions whose members are the kernels of a module."""

KERNELS_ARE_AVAILABLE = f"{KERNEL_GROUP}.is_available"
"""An export () -> i32 of modules with such kernels: the version of the group that the runtime replaces, 0 for none."""

NATIVE_MODULE = "zellige.native"
"""Module name of the imports of a specialised module; their names are those of the built-in functions."""

CONSTANT_EXPORT = "zellige.constant"
"""Export of a specialised module and of one with parameters outside: its constant memory, where it has one."""

FAULT_ADDRESS = 16
"""Device address of a u32: 0, or 1 + index into `ProgramInfo.messages` of the assertion that trapped."""

DEVICE_RESERVED_BYTES = 65536
"""Device addresses below this are never handed out, so that a folded constant offset cannot wrap."""

STATE_SLOT_BYTES = 8
"""Size of one slot of a state block."""

STATE_HEADER_SLOTS = 4
"""Slots of a program function's state before its arguments: worker index, worker count, slab, synchronisation block."""

SIZES_SUFFIX = ".sizes"
"""What the name of the function ends in that a host calls before a program function of dynamic sizes."""

SYNC_BYTES = 64
"""Size of the synchronisation block that the workers of one call share; zero before the first call. The program's
globals, `ProgramInfo.globals_bytes`, stand behind it."""

BUFFER_KINDS = ("device", "constant")
"""Memories that a binding of a kernel may point into."""

ACCESSES = ("read", "write", "update")
"""What a kernel may do with a buffer."""


@dataclass(frozen=True)
class TensorSignature:
    """Name, element type (MLIR spelling: `f32`, `i1`, …) and shape of an argument or result; a dynamic size is None."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]

    @property
    def is_static(self) -> bool:
        return None not in self.shape

    def __str__(self) -> str:
        sizes = "".join(f"{'?' if size is None else size}x" for size in self.shape)
        return f"{self.name}: tensor<{sizes}{self.dtype}>"


@dataclass(frozen=True)
class FunctionInfo:
    """A program function. `slab_lower_bound_bytes` is the largest sum of transient bytes that live at one time.

    Where arguments have dynamic sizes, `slab_bytes` are those that do not depend on them: a host calls the function
    `sizes_name` first, which reports the bytes of the slab and the dynamic sizes of the results.

    `donations` are pairs of an argument and the result that takes its place: the function finds the argument in the
    bytes of that result.
    """

    name: str
    arguments: tuple[TensorSignature, ...]
    results: tuple[TensorSignature, ...]
    slab_bytes: int
    slab_lower_bound_bytes: int
    dispatches: int
    donations: tuple[tuple[int, int], ...] = ()

    def to_fields(self) -> dict[str, Any]:
        """The fields for JSON; donations only where there are any."""
        fields = asdict(self)
        return fields if self.donations else {key: value for key, value in fields.items() if key != "donations"}

    @property
    def is_static(self) -> bool:
        """Whether all sizes of arguments and results are known."""
        return all(tensor.is_static for tensor in (*self.arguments, *self.results))

    @property
    def sizes_name(self) -> str:
        """The function that a host calls before this one, unless it is static."""
        return self.name + SIZES_SUFFIX

    @property
    def argument_sizes_slot(self) -> int:
        """The slot of the state block with the first dynamic size of an argument; those of the results follow."""
        return STATE_HEADER_SLOTS + len(self.arguments) + len(self.results)

    @property
    def state_slots(self) -> int:
        """How many slots a state block has; the last one of a function that is not static has the slab's bytes."""
        dynamic = sum(tensor.shape.count(None) for tensor in (*self.arguments, *self.results))
        return self.argument_sizes_slot + (0 if self.is_static else dynamic + 1)


@dataclass(frozen=True)
class BindingInfo:
    """What a kernel is given: a buffer in the memory `kind` (`device`, `constant`), or a scalar of element type `kind`.

    Of a buffer: element type, size, whether the kernel reads it, writes it or does both (`update`), and whether it may
    be the same bytes as another one. Two buffers of which one is written share bytes only where both may.
    """

    kind: str
    dtype: str = "f32"
    size_bytes: int = 0
    access: str = "read"
    may_alias: bool = False

    @property
    def is_buffer(self) -> bool:
        return self.kind in BUFFER_KINDS

    @property
    def is_read(self) -> bool:
        return self.access != "write"

    @property
    def is_written(self) -> bool:
        return self.access != "read"

    def __str__(self) -> str:
        return f"{self.access} {self.kind} {self.dtype} {self.size_bytes} bytes" if self.is_buffer else self.kind


_BINDING_DEFAULTS = {field.name: field.default for field in dataclass_fields(BindingInfo)}


@dataclass(frozen=True)
class EntryPointInfo:
    """A kernel entry point: the grid of its workgroups and what it is given.

    `workgroups` is None where the grid depends on scalars among the bindings; so do sizes of buffers with 0 bytes.
    """

    name: str
    workgroups: tuple[int, int, int] | None
    bindings: tuple[BindingInfo, ...]

    def to_fields(self) -> dict[str, Any]:
        """The fields for JSON. Of a binding, what is a default is left out: a module has hundreds of them."""
        bindings = [
            {key: value for key, value in asdict(b).items() if value != _BINDING_DEFAULTS[key]} for b in self.bindings
        ]
        return {**asdict(self), "bindings": bindings}


@dataclass(frozen=True)
class ParameterInfo:
    """A constant whose bytes are not in the module: name, element type (MLIR's spelling) and shape.

    The host writes the elements to `offset` in the region of constants before the first call.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int

    @property
    def size_bytes(self) -> int:
        return FILE_TYPES[self.dtype][1] * prod(self.shape)


@dataclass(frozen=True)
class MemoryInfo:
    """One wasm memory: its name (`device`, `local` or `constant`), index, least size, and whether it is imported."""

    name: str
    index: int
    min_pages: int
    imported: bool


@dataclass(frozen=True)
class ProgramInfo:
    """What the module holds. `heap_base` is the first device address that the host may use for buffers.

    `globals_bytes` are kept on the device between calls; `initializer` is the function (one of `functions`, without
    arguments and results) that a host runs to give them their first values, or empty where there are none. `parameters`
    are constants whose bytes are not in the module.
    """

    abi: int
    profile: str
    features: tuple[str, ...]
    memories: tuple[MemoryInfo, ...]
    heap_base: int
    constant_base: int
    constant_bytes: int
    functions: tuple[FunctionInfo, ...]
    entry_points: tuple[EntryPointInfo, ...]
    messages: tuple[str, ...]
    globals_bytes: int = 0
    initializer: str = ""
    parameters: tuple[ParameterInfo, ...] = ()

    def to_json(self) -> bytes:
        described = {
            **asdict(self),
            "functions": [function.to_fields() for function in self.functions],
            "entry_points": [entry.to_fields() for entry in self.entry_points],
        }
        return json.dumps(described, separators=(",", ":"), ensure_ascii=False).encode()

    @staticmethod
    def from_json(content: bytes) -> ProgramInfo:
        """Raises `RuntimeTrap` (code `module`) when the text is not what `to_json` writes."""
        try:
            fields = cast("dict[str, Any]", json.loads(content))
            if fields["abi"] != ABI_VERSION:
                raise RuntimeTrap(
                    f"the module has ABI version {fields['abi']!r}, this runtime knows {ABI_VERSION}", code="module"
                )
            return ProgramInfo(
                abi=_int(fields["abi"]),
                profile=_str(fields["profile"]),
                features=tuple(_str(word) for word in fields["features"]),
                memories=tuple(
                    MemoryInfo(_str(m["name"]), _int(m["index"]), _int(m["min_pages"]), bool(m["imported"]))
                    for m in fields["memories"]
                ),
                heap_base=_int(fields["heap_base"]),
                constant_base=_int(fields["constant_base"]),
                constant_bytes=_int(fields["constant_bytes"]),
                functions=tuple(
                    FunctionInfo(
                        name=_str(f["name"]),
                        arguments=tuple(_tensor(t) for t in f["arguments"]),
                        results=tuple(_tensor(t) for t in f["results"]),
                        slab_bytes=_int(f["slab_bytes"]),
                        slab_lower_bound_bytes=_int(f["slab_lower_bound_bytes"]),
                        dispatches=_int(f["dispatches"]),
                        donations=tuple(_donation(pair, f) for pair in f.get("donations", ())),
                    )
                    for f in fields["functions"]
                ),
                entry_points=tuple(
                    EntryPointInfo(_str(e["name"]), _grid(e["workgroups"]), tuple(_binding(b) for b in e["bindings"]))
                    for e in fields["entry_points"]
                ),
                messages=tuple(_str(text) for text in fields["messages"]),
                globals_bytes=_int(fields.get("globals_bytes", 0)),
                initializer=_str(fields.get("initializer", "")),
                parameters=tuple(_parameter(p) for p in fields.get("parameters", ())),
            )
        except (KeyError, TypeError, ValueError, RecursionError) as cause:
            raise RuntimeTrap(
                f"the '{PROGRAM_SECTION}' section does not describe a program: {cause}", code="module"
            ) from cause


def _int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"expected a count, got {value!r}")
    return value


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a text, got {value!r}")
    return value


def _grid(value: list[object] | None) -> tuple[int, int, int] | None:
    if value is None:
        return None
    x, y, z = (_int(count) for count in value)
    return x, y, z


def _donation(value: list[object], function: dict[str, Any]) -> tuple[int, int]:
    argument, result = (_int(number) for number in value)
    if function["arguments"][argument]["shape"] != function["results"][result]["shape"]:
        raise ValueError(f"expected an argument and a result of one shape, got {value!r}")
    return argument, result


def _binding(value: dict[str, Any]) -> BindingInfo:
    given = {**_BINDING_DEFAULTS, **value}
    access, may_alias = _str(given["access"]), given["may_alias"]
    if access not in ACCESSES or not isinstance(may_alias, bool):
        raise ValueError(f"expected a binding, got {value!r}")
    return BindingInfo(_str(given["kind"]), _str(given["dtype"]), _int(given["size_bytes"]), access, may_alias)


def _parameter(value: dict[str, Any]) -> ParameterInfo:
    dtype = _str(value["dtype"])
    if dtype not in FILE_TYPES:
        raise ValueError(f"expected the element type of a parameter, got {dtype!r}")
    shape = tuple(_int(size) for size in value["shape"])
    return ParameterInfo(_str(value["name"]), dtype, shape, _int(value["offset"]))


def _tensor(value: dict[str, Any]) -> TensorSignature:
    shape = tuple(None if size is None else _int(size) for size in value["shape"])
    return TensorSignature(_str(value["name"]), _str(value["dtype"]), shape)


def sections(module: bytes) -> Iterator[tuple[int, int, int]]:
    """Id, start and end of the content of each section. Raises `RuntimeTrap` (code `module`) at the first bad byte."""
    if module[: len(WASM_HEADER)] != WASM_HEADER:
        raise RuntimeTrap("not a WebAssembly module: the first 8 bytes are not its header", code="module")
    position = len(WASM_HEADER)
    while position < len(module):
        kind = module[position]
        size, start = _leb128(module, position + 1)
        if start + size > len(module):
            raise RuntimeTrap(
                f"the module is cut short: the section at offset {position:#x} ends at {start + size:#x},"
                f" the file at {len(module):#x}",
                code="module",
            )
        yield kind, start, start + size
        position = start + size


def _leb128(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 35, 7):
        if position >= len(data):
            break
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise RuntimeTrap(f"the module is cut short or malformed: bad length at offset {position:#x}", code="module")


def custom_section(module: bytes, name: str) -> bytes | None:
    """Content of the first custom section of this name, or None."""
    return next(_custom_sections(module, name), None)


def _custom_sections(module: bytes, name: str) -> Iterator[bytes]:
    for kind, start, end in sections(module):
        if kind != 0:
            continue
        length, text = _leb128(module, start)
        if text + length <= end and module[text : text + length] == name.encode():
            yield module[text + length : end]


def _custom_section_bytes(name: str, content: bytes) -> bytes:
    """A section with its header; a size in five bytes holds any."""
    body = bytes((len(name.encode()),)) + name.encode() + content
    size = bytes(len(body) >> shift & 0x7F | (0x80 if shift < 28 else 0) for shift in range(0, 35, 7))
    return b"\0" + size + body


@dataclass(frozen=True)
class Artifact:
    """A compiled program: one WebAssembly module that describes itself.

    `parameters` are the constants that the compiler left out of it, by name, when that was asked for.
    """

    module: bytes
    parameters: Mapping[str, ParameterTensor] = field(default_factory=dict[str, ParameterTensor], hash=False)

    @cached_property
    def program(self) -> ProgramInfo:
        """What the module holds. Raises `RuntimeTrap` (code `module`) for a module that zellige did not make."""
        content = custom_section(self.module, PROGRAM_SECTION)
        if content is None:
            raise RuntimeTrap(
                f"the module has no '{PROGRAM_SECTION}' section: it was not made by zellige", code="module"
            )
        return ProgramInfo.from_json(content)

    @cached_property
    def template_databases(self) -> tuple[bytes, ...]:
        """SHA-256 of each file of templates that was made for this module.

        Raises `RuntimeTrap` (code `module`) when the record is malformed.
        """
        content = b"".join(_custom_sections(self.module, TEMPLATE_DATABASES_SECTION))
        if len(content) % SHA256_BYTES:
            raise RuntimeTrap(
                f"the '{TEMPLATE_DATABASES_SECTION}' section has {len(content)} bytes, expected {SHA256_BYTES} for"
                " each database",
                code="module",
            )
        return tuple(content[at : at + SHA256_BYTES] for at in range(0, len(content), SHA256_BYTES))

    def with_template_database(self, sha256: bytes) -> Artifact:
        """The same program with one more file of templates on record; nothing else in the module changes."""
        assert len(sha256) == SHA256_BYTES, sha256
        if sha256 in self.template_databases:
            return self
        return Artifact(self.module + _custom_section_bytes(TEMPLATE_DATABASES_SECTION, sha256), self.parameters)

    def save(self, path: str | Path) -> None:
        """Write the module, and parameters that it does not hold to a file beside it, with the suffix `.safetensors`.

        Raises `UsageError` when a file cannot be written.
        """
        try:
            Path(path).write_bytes(self.module)
        except OSError as cause:
            raise UsageError(f"cannot write '{path}': {(cause.strerror or str(cause)).lower()}") from cause
        if self.parameters:
            write_parameters(Path(path).with_suffix(PARAMETER_SUFFIX), self.parameters)

    @staticmethod
    def load(path: str | Path) -> Artifact:
        """Read a module that `save` wrote. Raises `UsageError` for the file and `RuntimeTrap` for its content."""
        try:
            artifact = Artifact(Path(path).read_bytes())
        except TypeError as cause:
            raise UsageError(f"expected an artifact or the path of a module, got {type(path).__name__}") from cause
        except OSError as cause:
            raise UsageError(f"cannot read '{path}': {(cause.strerror or str(cause)).lower()}") from cause
        _ = artifact.program
        return artifact
