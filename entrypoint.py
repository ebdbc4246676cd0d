#!/usr/local/bin/python3 -I
"""Where the container starts."""

import gc
import sys
from pathlib import Path

# The image carries the packages and their requirements in src/; a checkout, the packages alone.
sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))


def main() -> int:
    """Run the action and return the container's exit code."""
    # What imports make stays: to look through it for garbage would be in vain, now and later.
    gc.disable()
    from release_assets import action

    gc.freeze()
    gc.enable()
    return action.main()


if __name__ == "__main__":
    sys.exit(main())
