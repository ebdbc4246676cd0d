"""GitHub's toolkit for writing actions, in Python, with the standard library only.

`from actions_toolkit import core` gives what `@actions/core` gives, under names in snake_case, with
options as keywords and without `await`. It prints and writes the very bytes that the original does.

    your code ── core ─┬─> command ──────> stdout                     ─> runner
                       ├─> file_command ─> $GITHUB_OUTPUT, _STATE, …  ─> runner
                       └─> summary ──────> $GITHUB_STEP_SUMMARY       ─> runner
    runner ── environment, event file ─> core.get_input, context ─> your code

It parts from the original where that would lose something unsaid:

- `core.set_failed` ends the program, since Python has no exit code to set for later;
- `core.summary.write` refuses what would exceed 1 MiB, of which the runner shows nothing at all;
- outputs, states and variables refuse a name that the runner would read as another one;
- `command.harmless` is new: it takes the commands out of text that others wrote.
"""
