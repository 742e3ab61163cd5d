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

    def run(
        self, context: Context, module: ModuleOp, observers: Sequence[Observer] = (), *, verify_each: bool = True
    ) -> None:
        """Apply the passes to `module` in place, and verify it after each.

        Without `verify_each` it is verified where a phase ends: after each `check-…` pass and after the last. The
        fault is still laid at the right door: once there is one, the passes run again with a verification each.

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
            if verify_each or pass_.name.startswith("check-") or index == len(self.passes) - 1:
                try:
                    verify_module(module)
                except Exception as cause:
                    message = f"pass '{pass_.name}' left a module that does not verify"
                    raise self._bug(message, cause, index, context, original) from cause
            for observer in observers:
                observer.after(step, module)

    def _bug(self, message: str, cause: Exception, index: int, context: Context, original: ModuleOp) -> CompilerBug:
        """The error of pass `index`, or of an earlier one that left a module that does not verify.

        Running the earlier passes again gives the IR before it.
        """
        module = original.clone()
        for earlier, pass_ in enumerate(self.passes[:index]):
            before = module.clone()
            try:
                pass_.apply(context, module)
                verify_module(module)
            except Exception as fault:
                message = f"pass '{pass_.name}' left a module that does not verify"
                return self._replay(message, fault, earlier, before)
        return self._replay(message, cause, index, module)

    def _replay(self, message: str, cause: Exception, index: int, before: ModuleOp) -> CompilerBug:
        replay = f"// REPLAY: zellige-opt %s -p '{Pipeline(self.passes[index:])}'\n{module_text(before)}"
        return CompilerBug(f"{message}: {type(cause).__name__}: {cause}", replay=replay)
