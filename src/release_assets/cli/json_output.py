"""`--json` and `--jq`: the JSON document of a command, and what is printed of it."""

import argparse
import json
from collections.abc import Sequence

from release_assets.cli.documents import Document, field_errors, selected
from release_assets.cli.jq_filter import Filter, compile_filter
from release_assets.cli.terminal import write_line
from release_assets.errors import raise_all
from release_assets.escape import harmless
from release_assets.light_dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class JsonOutput:
    """Prints the named fields of a document, or what a filter makes of them."""

    every_field: Sequence[str]
    fields: str  # separated by commas; empty for all
    filter: Filter | None

    def write(self, document: Document) -> None:
        """Print a document. Its missing fields are null. Raises: JqError, OutputError."""
        chosen = selected(dict.fromkeys(self.every_field) | document, self.fields)
        if self.filter is not None:
            for line in self.filter(chosen):
                write_line(harmless(line))
            return
        # In ASCII without `##[`: no control character for a terminal, no command for a runner.
        write_line(json.dumps(chosen, indent=2).replace("##[", r"#\u0023["))


def json_output(options: argparse.Namespace) -> JsonOutput | None:
    """Return what the options ask for; None without --json and --jq.

    Raises: UsageError for a single error; MultipleErrors for several.
    """
    if options.json is None and options.jq is None:
        return None
    fields = options.json or ""
    raise_all(field_errors(fields, options.fields))
    return JsonOutput(
        every_field=options.fields,
        fields=fields,
        filter=None if options.jq is None else compile_filter(options.jq),
    )
