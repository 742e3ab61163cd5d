"""Which templates of a database stand for which built-in functions of a module, and why others do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zellige.artifact import Artifact
from zellige.backend.wasm.builtin_section import FUNCTION, BuiltinRecord
from zellige.backend.wasm.specialize import builtin_records, matching
from zellige.runtime.processor import Processor
from zellige.template_database import Template, TemplateDatabase, convention


@dataclass(frozen=True)
class Chosen:
    """A built-in function with the template that replaces it."""

    record: BuiltinRecord
    template: Template


@dataclass(frozen=True)
class Choice:
    """The functions to replace, by index. `refused` has for each of the others the reason, `without_template` those for
    which none was made. `unknown` are templates for functions that the module does not have.
    """

    chosen: tuple[Chosen, ...]
    refused: dict[str, str]
    without_template: tuple[str, ...]
    unknown: tuple[str, ...]


def choose(artifact: Artifact, database: TemplateDatabase, processor: Processor, *, strict: bool) -> Choice:
    """The best template for each built-in function of a module: the one that uses most of the processor.

    A template fits a function when digest, group and version are equal, the processor has its features, and
    it is called as this version calls; with `strict`, when it was equal bit by bit in its check.

    Raises `WasmFormatError` for a module that is malformed.
    """
    records = [record for record in builtin_records(artifact.module) if record.kind == FUNCTION]
    unchanged = frozenset(matching(artifact.module))
    by_name: defaultdict[str, list[Template]] = defaultdict(list)
    by_digest: defaultdict[bytes, list[Template]] = defaultdict(list)
    for template in database.templates:
        by_name[template.name].append(template)
        by_digest[template.digest].append(template)
    chosen: list[Chosen] = []
    refused: dict[str, str] = {}
    without: list[str] = []
    for record in records:
        candidates = by_digest.get(record.digest, [])
        if record not in unchanged:
            refused[record.name] = "its body is not the one that its digest stands for"
        elif not candidates and record.name in by_name:
            refused[record.name] = "its templates are for another body"
        elif not candidates:
            without.append(record.name)
        else:
            best = _best(record, candidates, processor, strict=strict)
            if isinstance(best, str):
                refused[record.name] = best
            else:
                chosen.append(Chosen(record, best))
    known = {record.name for record in records} | {c.template.name for c in chosen}
    return Choice(tuple(chosen), refused, tuple(without), tuple(name for name in by_name if name not in known))


def _best(
    record: BuiltinRecord, candidates: Sequence[Template], processor: Processor, *, strict: bool
) -> Template | str:
    """The template for a function, or why there is none."""
    same = [t for t in candidates if (t.group, t.version) == (record.group, record.version)]
    if not same:
        found = _words(f"version {t.version} of '{t.group}'" for t in candidates)
        return f"its templates are for {found}, the module has version {record.version} of '{record.group}'"
    ours = convention(processor.architecture)
    callable_ = [t for t in same if t.convention == ours]
    if not callable_:
        found = _words(f"'{t.convention}'" for t in same)
        return f"its templates are called as {found}, this runtime calls as '{ours}'"
    able = [t for t in callable_ if set(t.features) <= set(processor.features)]
    if not able:
        missing = min(([f for f in t.features if f not in processor.features] for t in callable_), key=len)
        return f"its templates need {_words(missing)}, which the processor does not have"
    good = [t for t in able if t.check.bit_equal] if strict else able
    if not good:
        return "its templates are not equal bit by bit to its body"
    return max(good, key=lambda t: (len(t.features), t.name == record.name))


def _words(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))
