"""Native code on disk, so that a module is compiled once on a machine.

An entry is one file: the engine's native code, then the SHA-256 of it. Its name is the SHA-256 of the module and of the
engine's version and configuration and the processor's features. Any entry may be deleted at any time. Loading native
code trusts it completely, so:

- The checksum is compared before every load; a damaged entry is compiled again. That reads the whole entry, half a
  second for a gigabyte, as the key reads the whole module: damage is not found otherwise.
- A checksum is no protection against someone who can write to the folder. The folder is made for its owner alone, and
  one of another owner, or one that others can write to, is not used.

An entry is written to a file of its own and renamed, so any number of processes may read and write at once. Without
a usable folder, or with a full disk, everything works, without the cache: `CacheWarning` says so, once a load.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import warnings
from pathlib import Path

import wasmtime

from zellige.runtime.engine import fingerprint
from zellige.runtime.errors import CacheWarning
from zellige.support.errors import RuntimeTrap

_DIGEST_BYTES = 32
_CHUNK_BYTES = 1 << 20
_WRITABLE_BY_OTHERS = 0o022
_USER_FOLDERS = {"darwin": "Library/Caches", "win32": "AppData/Local"}


def default_folder() -> Path:
    """The platform's folder for cached files of this user."""
    try:
        return Path.home() / _USER_FOLDERS.get(sys.platform, ".cache") / "zellige"
    except RuntimeError as cause:
        raise FileNotFoundError("the user has no home folder") from cause


def native_module(engine: wasmtime.Engine, content: bytes, cache: bool | str | Path) -> wasmtime.Module:
    """Native code for a module: from the cache, or compiled and put there.

    `cache` is a folder, True for `default_folder`, or False for none. Raises `RuntimeTrap` (code `module`) when the
    engine refuses the module.
    """
    if cache is False:
        return _compile(engine, content)
    module = None
    try:
        entry = _entry(default_folder() if cache is True else Path(cache), content)
        module = _read(engine, entry)
        if module is None:
            module = _compile(engine, content)
            _write(entry, module.serialize())
    except OSError as cause:
        reason = f"{cause.strerror}: '{cause.filename}'" if cause.filename is not None else cause.strerror or str(cause)
        warnings.warn(f"native code is not cached: {reason}", CacheWarning, stacklevel=3)
    return module if module is not None else _compile(engine, content)


def _compile(engine: wasmtime.Engine, content: bytes) -> wasmtime.Module:
    try:
        return wasmtime.Module(engine, content)
    except wasmtime.WasmtimeError as cause:
        raise RuntimeTrap(
            "the engine refuses the module: its code is malformed, or needs a feature that the engine does not have",
            code="module",
        ) from cause


def _entry(folder: Path, content: bytes) -> Path:
    """Path of the entry, in a folder that exists and is safe to load native code from."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & _WRITABLE_BY_OTHERS):
        raise PermissionError(f"others can write to the folder '{folder}'")
    key = hashlib.sha256(content)
    key.update(fingerprint().encode())
    return folder / f"{key.hexdigest()}.cwasm"


def _read(engine: wasmtime.Engine, entry: Path) -> wasmtime.Module | None:
    """The entry's module, or None when there is none that is whole and made by this engine."""
    try:
        with entry.open("rb") as file:
            code_bytes = os.fstat(file.fileno()).st_size - _DIGEST_BYTES
            digest = hashlib.sha256()
            while code_bytes > 0 and (chunk := file.read(min(_CHUNK_BYTES, code_bytes))):
                digest.update(chunk)
                code_bytes -= len(chunk)
            if code_bytes != 0 or file.read() != digest.digest():
                return None
        return wasmtime.Module.deserialize_file(engine, str(entry))
    except (FileNotFoundError, wasmtime.WasmtimeError):
        return None


def _write(entry: Path, code: bytes | bytearray) -> None:
    handle, name = tempfile.mkstemp(dir=entry.parent, prefix=entry.stem[:16], suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(code)
            file.write(hashlib.sha256(code).digest())
        os.replace(name, entry)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
