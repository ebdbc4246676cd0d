"""How hypothesis searches: the same cases in every run, without a stopwatch."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import Phase, settings

Test = TypeVar("Test", bound=Callable[..., None])

settings.register_profile("laws", deadline=None, derandomize=True, database=None)
laws = settings.get_profile("laws")
# `make fuzz`: other cases each time, and many of them.
settings.register_profile("deep", laws, derandomize=False, max_examples=10 * laws.max_examples)
# `make mutants`: of a mistake that was made on purpose nobody wants to know the smallest case.
settings.register_profile("mutants", laws, phases=[Phase.explicit, Phase.generate])
settings.load_profile("laws")


def times(count: int) -> Callable[[Test], Test]:
    """Let a law be tried with so many times the cases of others."""
    return settings(max_examples=count * settings().max_examples)
