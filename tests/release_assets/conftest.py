"""What all tests of the program share."""

import tests.support.laws  # noqa: F401 - loading it sets hypothesis up
