"""GitHub's releases API in one process: `python -m github_sandbox`. See the picture below.

    socket -> server -> dispatch -> exchange -> api ------> routing -> releases, assets, uploads ...
                        (faults)                |           (rules, names: what GitHub enforces)
                                                downloads   (storage: signed URLs, bytes)
                                                web         (release pages)
                                    control     (state, seeds, faults, settings, the log)

`connection` reads a request from a socket. `dispatch` logs it in the `journal`, and applies the
fault that is due. `routes` leads to its handler, which reads or changes the `store` and returns an
answer. The package shares no code with the program that it tests.
"""
