"""GitHub's releases API in one process: `python -m github_sandbox`. See the picture below.

    socket -> server -> dispatch -> exchange -> api ------> routing -> releases, assets, uploads ...
                        (faults)                |           (rules, names: what GitHub enforces)
                                                downloads   (storage: signed URLs, bytes)
                                                web         (release pages)
                                    control     (state, seeds, faults, settings, the log)

A request and its answer:
    connection, http_heads, request_body   HTTP/1.1 on a socket
    messages, call                         a request, its answer, and the call of an endpoint
    routing, routes, access, limits        the endpoint, and whether the token may call it
    api_headers, answers, errors           the headers and the JSON of answers
The endpoints:
    releases, release_changes, latest, notes, assets, uploads, references, commits, repositories,
    service, graphql; lookup, pagination and body_types are what they share
What GitHub enforces:
    release_rules, asset_rules, tag_rules, names
The state:
    world, store, models, content, visibility, events, expiry, journal, settings, origins, clock
What a test can change:
    seed, faults, fault_parser, armed_faults, fault_effects, fault_answers, lies, edits, interference

The package shares no code with the program that it tests.
"""
