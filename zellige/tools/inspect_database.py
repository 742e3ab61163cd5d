"""zellige inspect: what is inside a template database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from zellige.template_database import Check, Footprint, Template, TemplateDatabase


def database_facts(database: TemplateDatabase) -> dict[str, Any]:
    """All fields; of code its size and SHA-256."""
    return {"templates": [_template_facts(template) for template in database.templates]}


def _template_facts(template: Template) -> dict[str, Any]:
    code = {"code_bytes": len(template.code), "code_sha256": sha256(template.code).hexdigest()}
    fields = {name: value for name, value in asdict(template).items() if name != "code"}
    return {**fields, "digest": template.digest.hex(), **code}


def database_lines(database: TemplateDatabase) -> Iterator[str]:
    """One paragraph for each template."""
    templates = database.templates
    size = sum(len(template.code) for template in templates)
    yield f"template database: {len(templates)} templates, {size:,} bytes of code"
    for template in templates:
        x, y, z = template.workgroups
        yield f'{template.name}: "{template.group}" version {template.version}, {x} x {y} x {z} workgroups'
        yield f"  stands for {template.digest.hex()}"
        yield f"  needs {' '.join(template.features) or 'no features'}; called as {template.convention}"
        yield f"  {len(template.code):,} bytes of code, {template.scratch_bytes:,} bytes of scratch memory"
        for footprint in template.footprint:
            yield f"  {_footprint(footprint)}"
        yield f"  {_check(template.check)}"


def _footprint(footprint: Footprint) -> str:
    words = {"r": "reads", "w": "writes", "rw": "reads and writes"}[footprint.access]
    return (
        f"parameter {footprint.parameter}: {words} {footprint.size_bytes:,} bytes of {footprint.memory} memory,"
        f" at a multiple of {footprint.alignment}"
    )


def _check(check: Check) -> str:
    if check.inputs == 0:
        return "not checked"
    outcome = "equal bit by bit" if check.bit_equal else f"relative error up to {check.max_relative_error:.2g}"
    return f"checked on {check.inputs:,} inputs: {outcome}"
