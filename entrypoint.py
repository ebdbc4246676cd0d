"""Where the container starts."""

import sys
from pathlib import Path

# The image carries the packages and their requirements in src/; a checkout, the packages alone.
sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from release_assets import action

if __name__ == "__main__":
    sys.exit(action.main())
