"""How hypothesis searches: the same cases in every run, without a stopwatch."""

from hypothesis import Phase, settings

settings.register_profile("laws", deadline=None, derandomize=True, database=None)
# Of a mistake that was made on purpose nobody wants to know the smallest case.
quick = [Phase.explicit, Phase.generate]
settings.register_profile("mutants", settings.get_profile("laws"), phases=quick)
settings.load_profile("laws")
