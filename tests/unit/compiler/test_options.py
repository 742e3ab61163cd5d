"""CompileOptions: what is refused, and which engine features follow."""

import pytest

from zellige.compiler.options import FEATURES, CompileOptions
from zellige.support.errors import UsageError


def test_default_is_the_full_profile() -> None:
    assert CompileOptions.of() == CompileOptions(profile="full", deterministic=False, builtins=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"profil": "full"},
            "unknown option 'profil', known are profile, deterministic, builtins, dimensions, parameters;"
            " did you mean 'profile'?",
        ),
        ({"profile": "ful"}, "profile must be one of full, simd, mvp, got 'ful'; did you mean 'full'?"),
        ({"profile": 1}, "profile must be one of full, simd, mvp, got 1"),
        ({"profile": ["full"]}, "profile must be one of full, simd, mvp, got ['full']; did you mean 'full'?"),
        ({"deterministic": "yes"}, "deterministic must be True or False, got 'yes'"),
        ({"builtins": 2}, "builtins must be True or False, got 2"),
        ({"dimensions": ["batch"]}, "dimensions must be sizes by their names, got ['batch']"),
        ({"dimensions": {"batch": "1"}}, "dimension 'batch' must have a size, got '1'"),
        ({"dimensions": {"batch": -1}}, "dimension 'batch' must have a size, got -1"),
        (
            {"parameters": "embedded"},
            "parameters must be one of embed, external, got 'embedded'; did you mean 'embed'?",
        ),
    ],
)
def test_errors(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        CompileOptions.of(**options)
    assert str(caught.value) == message


@pytest.mark.parametrize("profile", FEATURES)
def test_deterministic_modules_use_no_relaxed_instructions(profile: str) -> None:
    assert "relaxed-simd" not in CompileOptions(profile, deterministic=True).features


def test_features_are_sorted() -> None:
    assert all(list(words) == sorted(words) for words in FEATURES.values())
