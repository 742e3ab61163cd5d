"""Files on disk, so that a module is compiled once on a machine.

An entry is one file: its content, then the SHA-256 of that. Its name says what it was made from: of native code the
SHA-256 of the module and of the engine's version and configuration and the processor's features. Any entry may be
deleted at any time. Loading native code trusts it completely, so:

- The checksum is compared before every load; a damaged entry is made again. That reads the whole entry, half a
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
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import wasmtime

from zellige.runtime.engine import fingerprint
from zellige.runtime.errors import CacheWarning, warn_caller
from zellige.runtime.processor import Processor
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


class Cache:
    """The entries of a folder, for one load.

    `folder` is a folder, True for `default_folder`, or False for no cache. With none, or when the folder is of no use
    (which is one warning), nothing is found and nothing is kept.
    """

    def __init__(self, folder: bool | str | Path) -> None:
        self.folder: Path | None = None
        if folder is not False:
            try:
                self.folder = _safe_folder(default_folder() if folder is True else Path(folder))
            except OSError as cause:
                self._do_without(cause)

    def find(self, name: str) -> Path | None:
        """The file of an entry, when there is one that is whole."""
        if self.folder is None:
            return None
        entry = self.folder / name
        try:
            return entry if _is_whole(entry) else None
        except FileNotFoundError:
            return None
        except OSError as cause:
            self._do_without(cause)
            return None

    def read(self, name: str) -> bytes | None:
        """The content of an entry, when there is one that is whole."""
        if self.folder is None:
            return None
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as cause:
            self._do_without(cause)
            return None
        is_whole = hashlib.sha256(memoryview(content)[:-_DIGEST_BYTES]).digest() == content[-_DIGEST_BYTES:]
        return content[:-_DIGEST_BYTES] if is_whole else None

    def write(self, name: str, content: bytes | bytearray) -> None:
        """Make an entry, or replace it."""
        if self.folder is None:
            return
        try:
            _write(self.folder / name, content)
        except OSError as cause:
            self._do_without(cause)

    def _do_without(self, cause: OSError) -> None:
        self.folder = None
        reason = f"{cause.strerror}: '{cause.filename}'" if cause.filename is not None else cause.strerror or str(cause)
        warn_caller(f"native code is not cached: {reason}", CacheWarning)


def native_module(
    engine: wasmtime.Engine, processor: Processor, source: bytes, content: Callable[[], bytes], cache: Cache
) -> wasmtime.Module:
    """Native code of a module for this machine's `processor`: from the cache, or compiled and put there.

    `source` is a SHA-256 of what the module is made from; `content` gives the module, and is called only when
    it has to be compiled. Raises `RuntimeTrap` (code `module`) when the engine refuses the module.
    """
    name = f"{hashlib.sha256(source + fingerprint(processor).encode()).hexdigest()}.cwasm"
    entry = cache.find(name)
    if entry is not None:
        with suppress(wasmtime.WasmtimeError):  # whole, but not what the engine makes: made again
            return wasmtime.Module.deserialize_file(engine, str(entry))
    module = _compile(engine, content())
    if cache.folder is not None:
        cache.write(name, module.serialize())
    return module


def _compile(engine: wasmtime.Engine, content: bytes) -> wasmtime.Module:
    try:
        return wasmtime.Module(engine, content)
    except wasmtime.WasmtimeError as cause:
        raise RuntimeTrap(
            "the engine refuses the module: its code is malformed, or needs a feature that the engine does not have",
            code="module",
        ) from cause


def _safe_folder(folder: Path) -> Path:
    """A folder that exists, and that is safe to load native code from."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & _WRITABLE_BY_OTHERS):
        raise PermissionError(f"others can write to the folder '{folder}'")
    return folder


def _is_whole(entry: Path) -> bool:
    with entry.open("rb") as file:
        code_bytes = os.fstat(file.fileno()).st_size - _DIGEST_BYTES
        digest = hashlib.sha256()
        while code_bytes > 0 and (chunk := file.read(min(_CHUNK_BYTES, code_bytes))):
            digest.update(chunk)
            code_bytes -= len(chunk)
        return code_bytes == 0 and file.read() == digest.digest()


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
