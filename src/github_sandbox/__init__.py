"""GitHub's releases API in one process: `python -m github_sandbox`. See the picture below.

    socket -> server -> exchange -> api ------> routes -> releases, assets, repositories
                        (faults)    |           (rules, names: what GitHub enforces)
                                    downloads   (storage: signed links, bytes)
                                    web         (release pages)
                                    control     (state, seeds, faults, settings, the log)

A request comes over a socket (`server`, `wire`), is noted in the `journal`, perhaps struck by one of
the `faults`, finds its handler (`routes`), changes the `store`, and goes back as an answer
(`answers`). It shares no code with the program it is there to test.
"""
