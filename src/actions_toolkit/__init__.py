"""GitHub's toolkit for writing actions, in Python, with the standard library only.

`from actions_toolkit import core` has the functions of `@actions/core`, with names in snake_case, with
options as keywords and without `await`. It writes exactly the bytes that the original writes.

    your code ── core ─┬─> command ──────> stdout                     ─> runner
                       ├─> file_command ─> $GITHUB_OUTPUT, _STATE, …  ─> runner
                       └─> summary ──────> $GITHUB_STEP_SUMMARY       ─> runner
    runner ── environment, event file ─> core.get_input, context ─> your code

It differs from the original where the original would lose something without a message:

- `core.set_failed` ends the program, because Python cannot set an exit code for later;
- `core.summary.write` refuses a summary above 1 MiB, of which the runner shows nothing;
- outputs, states and variables refuse a name that the runner would read as another name.
"""
