"""Settings of hypothesis: the same cases in every run, without a deadline."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import Phase, settings

Test = TypeVar("Test", bound=Callable[..., None])

settings.register_profile("laws", deadline=None, derandomize=True, database=None)
laws = settings.get_profile("laws")
# `make fuzz`: many cases, different ones each time.
settings.register_profile("deep", laws, derandomize=False, max_examples=10 * laws.max_examples)
# `make mutants`: no shrinking, since the smallest failing case is of no interest.
settings.register_profile("mutants", laws, phases=[Phase.explicit, Phase.generate])
settings.load_profile("laws")


def times(count: int) -> Callable[[Test], Test]:
    """Try a law with `count` times as many cases as others."""
    return settings(max_examples=count * settings().max_examples)
