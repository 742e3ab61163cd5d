"""What a processor can do, read from the text of Linux."""

from __future__ import annotations

import platform
from pathlib import Path

from zellige.runtime.engine import fingerprint
from zellige.runtime.processor import Processor, this_processor


def test_features_are_those_of_the_first_processor(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nflags\t\t: fpu avx2 fma\n\nprocessor\t: 1\nflags\t\t: fpu\n")
    assert this_processor(tmp_path / "cpuinfo").features == ("fpu", "avx2", "fma")


def test_arm_has_another_word_for_them(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nFeatures\t: fp asimd\n")
    assert this_processor(tmp_path / "cpuinfo").features == ("fp", "asimd")


def test_a_system_that_does_not_say(tmp_path: Path) -> None:
    assert this_processor(tmp_path / "none").features == ()
    (tmp_path / "cpuinfo").write_text("processor\t: 0\n")
    assert this_processor(tmp_path / "cpuinfo").features == ()


def test_masked_features_are_left_out_and_none_is_added() -> None:
    processor = Processor("x86_64", ("avx", "avx2", "fma"))
    assert processor.within({"avx2", "avx512f", "avx"}) == Processor("x86_64", ("avx", "avx2"))
    assert processor.within(()) == Processor("x86_64", ())


def test_the_machine_we_run_on() -> None:
    assert this_processor().architecture == {"AMD64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine(), platform.machine()
    )
    assert " ".join(this_processor().features) in fingerprint(this_processor())
