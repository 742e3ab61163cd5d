"""A pipeline is a tuple of passes and nothing else; its text says all that it does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import parse_pipeline
from xdsl.utils.exceptions import ArgSpecParseError

from zellige.compiler.observers import Observer, Step
from zellige.compiler.pass_text import KnownPasses, parse_pass, pass_text
from zellige.support.errors import CompileError, CompilerBug, UsageError, ZelligeError
from zellige.support.printing import module_text
from zellige.support.verification import verify_module


@dataclass(frozen=True)
class Pipeline:
    """Passes in the order in which they run. `str(pipeline)` and `Pipeline.parse` are inverse."""

    passes: tuple[ModulePass, ...] = ()

    def __str__(self) -> str:
        return ",".join(pass_text(pass_) for pass_ in self.passes)

    @staticmethod
    def parse(text: str, known: KnownPasses) -> Pipeline:
        """Read `pass,pass{option=value option=value},…`; space around the commas does not count.

        Raises `UsageError` for what is not a pipeline, and for an unknown pass or option with the nearest known one.
        """
        try:
            specs = list(parse_pipeline(re.sub(r"\s*,\s*", ",", text.strip())))
        except ArgSpecParseError as cause:
            raise UsageError(f"cannot read '{text}' as 'pass,pass{{option=value option=value}}'") from cause
        return Pipeline(tuple(parse_pass(spec, known) for spec in specs))

    def run(self, context: Context, module: ModuleOp, observers: Sequence[Observer] = ()) -> None:
        """Apply the passes to `module` in place, and verify it after each.

        Raises `CompileError` for the program's faults and `CompilerBug`, with a replay text, when a pass
        crashes or leaves a module that does not verify.
        """
        if not self.passes:
            return
        original = module.clone()
        for index, pass_ in enumerate(self.passes):
            step = Step(index, len(self.passes), pass_)
            for observer in observers:
                observer.before(step, module)
            try:
                pass_.apply(context, module)
            except CompileError as error:
                error.pass_name = error.pass_name or pass_.name
                raise
            except ZelligeError:
                raise
            except Exception as cause:
                raise self._bug(f"pass '{pass_.name}' crashed", cause, index, context, original) from cause
            try:
                verify_module(module)
            except Exception as cause:
                message = f"pass '{pass_.name}' left a module that does not verify"
                raise self._bug(message, cause, index, context, original) from cause
            for observer in observers:
                observer.after(step, module)

    def _bug(self, message: str, cause: Exception, index: int, context: Context, original: ModuleOp) -> CompilerBug:
        """The error of pass `index`; running the earlier passes again gives the IR before it."""
        module, rest = original.clone(), self.passes[index:]
        try:
            for pass_ in self.passes[:index]:
                pass_.apply(context, module)
        except Exception:
            module, rest = original, self.passes
        replay = f"// REPLAY: zellige-opt %s -p '{Pipeline(rest)}'\n{module_text(module)}"
        return CompilerBug(f"{message}: {type(cause).__name__}: {cause}", replay=replay)
