"""Search for texts that break a law of tests/fuzz, guided by coverage: `make fuzz MINUTES=5`."""

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / ".fuzz"  # texts that reached new code, the corpus of the next run
SEPARATOR = b"\xff"  # separates two texts: never part of UTF-8


def main() -> int:
    """Test each law for its share of the time, and return 1 if one does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "laws", nargs="*", help="names of laws in tests/fuzz/laws.py (default: all)"
    )
    parser.add_argument(
        "--minutes", type=float, default=5, help="total time (default: %(default)s)"
    )
    # Test this law in this process; the other arguments are libFuzzer's.
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked, rest = parser.parse_known_args()
    if asked.one:
        return _fuzz(asked.one, [*asked.laws, *rest])
    if importlib.util.find_spec("atheris") is None:
        parser.error("Atheris has no wheel for this machine: Linux on x86-64 is needed")
    from tests.fuzz.laws import LAWS

    if unknown := set(asked.laws) - LAWS.keys():
        parser.error(f"no law is called {', '.join(sorted(unknown))}: there are {', '.join(LAWS)}")
    names = asked.laws or list(LAWS)
    seconds = max(1, round(asked.minutes * 60 / len(names)))
    broken = [name for name in names if not _run_law(name, seconds)]
    if broken:
        print(
            f"Broken laws: {', '.join(broken)}. Add the output to their seeds in tests/fuzz/laws.py."
        )
    return bool(broken)


def _run_law(name: str, seconds: int) -> bool:
    """Test a law in its own process, and say whether it held."""
    from tests.fuzz.laws import LAWS

    law = LAWS[name]
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(law.seeds):
        (corpus / f"seed-{number}").write_bytes(SEPARATOR.join(map(_bytes_of, seed)))
    words = CORPUS / f"{name}.dict"
    words.write_text("".join(f'"{_escaped(_bytes_of(word))}"\n' for word in law.words))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "scripts.fuzz", "--one", name, str(corpus)),
            *(f"-dict={words}", f"-max_total_time={seconds}", "-timeout=20", "-max_len=600"),
            *(f"-artifact_prefix={CORPUS}/{name}-", "-print_final_stats=1", "-verbosity=0"),
        ],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    counts = dict(
        line.removeprefix("stat::").split(":", 1)
        for line in done.stdout.splitlines()
        if line.startswith("stat::")
    )
    runs = int(counts.get("number_of_executed_units", "0"))
    print(
        f"{name:10} {runs:9,} texts in {seconds} s", "" if done.returncode else "held", flush=True
    )
    if done.returncode:
        noise = ("INFO: ", "WARNING: Failed to find function", "stat::")
        shown = [line for line in done.stdout.splitlines() if not line.startswith(noise)]
        print("\n".join(shown), flush=True)
    return done.returncode == 0 and runs > 0


def _fuzz(name: str, options: list[str]) -> int:
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    with atheris.instrument_imports(include=["release_assets", "actions_toolkit", "yaml"]):
        from tests.fuzz.laws import LAWS, check
    law = LAWS[name]

    def once(data: bytes) -> None:
        parts = data.split(SEPARATOR, law.takes - 1)
        texts = [part.decode("utf-8", "surrogateescape") for part in parts]
        try:
            check(law, texts)
        except BaseException:
            print(f"Broken by {texts!a}", flush=True)
            raise

    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()
    return 0


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _escaped(word: bytes) -> str:
    """Return a word in the format of libFuzzer's dictionaries."""
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    sys.exit(main())
