"""Look up known vulnerabilities of the runtime requirements with pip-audit (`make audit`)."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).parents[1] / "requirements" / "run.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The lines to print, and the exit code."""

    lines: list[str]
    exit_code: int


def main() -> int:
    """Print the vulnerabilities; if the service does not answer, fail only if REQUIRE_AUDIT=1.

    Arguments are passed on to pip-audit.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"),
            *(
                "--disable-pip",
                "--require-hashes",
                "--requirement",
                str(REQUIREMENTS),
                *sys.argv[1:],
            ),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    required = os.environ.get("REQUIRE_AUDIT") == "1"
    audit = judge(done.returncode, done.stdout, done.stderr, required=required)
    print("\n".join(audit.lines))
    return audit.exit_code


def judge(exit_code: int, report: str, errors: str, *, required: bool) -> Audit:
    """Return the result of a report of pip-audit.

    pip-audit treats a package that it could not look up as free of vulnerabilities. Its exit code is 1
    for vulnerabilities and for a service without an answer, and another one for a usage error.
    """
    if exit_code not in (0, 1):
        return Audit(lines=[errors.strip()], exit_code=exit_code)
    try:
        dependencies: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        why = errors.strip().splitlines()[-1:] or ["no report"]
        return unknown(f"pip-audit failed: {why[0]}", required=required)
    bad = [line for one in dependencies for line in vulnerabilities(one)]
    if bad:
        return Audit(lines=bad, exit_code=1)
    missed = [one["name"] for one in dependencies if "skip_reason" in one]
    if missed or not dependencies:
        names = ", ".join(missed) or "any requirement"
        return unknown(f"no information about {names}", required=required)
    count = len(dependencies)
    return Audit(lines=[f"no known vulnerability in {count} requirements"], exit_code=0)


def vulnerabilities(dependency: dict[str, Any]) -> list[str]:
    """Return a line for each vulnerability of a requirement."""
    return [
        f"{dependency['name']} {dependency['version']}: {found['id']}, "
        f"fixed in {', '.join(found['fix_versions']) or 'no version yet'}"
        for found in dependency.get("vulns", ())
    ]


def unknown(what: str, *, required: bool) -> Audit:
    """Return the result of a failed lookup."""
    if required:
        return Audit(lines=[f"{what}, and REQUIRE_AUDIT=1"], exit_code=1)
    return Audit(lines=[f"skipped: {what}"], exit_code=0)


if __name__ == "__main__":
    sys.exit(main())
