#!/usr/local/bin/python3 -I
"""Where the container starts that cleans up after a failed or cancelled job."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from release_assets import action

if __name__ == "__main__":
    sys.exit(action.post())
