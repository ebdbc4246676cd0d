"""`python -m github_sandbox`."""

import sys

from github_sandbox.command import main

sys.exit(main())
