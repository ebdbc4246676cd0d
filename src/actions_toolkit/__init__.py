"""GitHub's toolkit for writing actions, in Python, with the standard library only.

`from actions_toolkit import core` gives what `@actions/core` gives, under names in snake_case.

    your code ── core ─┬─> command ──────> stdout                     ─> runner
                       ├─> file_command ─> $GITHUB_OUTPUT, _STATE, …  ─> runner
                       └─> summary ──────> $GITHUB_STEP_SUMMARY       ─> runner
    runner ── environment, event file ─> core.get_input, context ─> your code

All that crosses to the runner is text: value makes text of values, and bytes of text.
"""
