"""`python -m release_assets`: the command line."""

import sys

from release_assets.cli import main

if __name__ == "__main__":
    sys.exit(main())
