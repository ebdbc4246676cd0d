"""HTTP for the API: connections, sending, receiving, redirects, proxies, TLS and timeouts."""

import sys
import warnings

# Libraries that guess the encoding of a text. requests works without them, but imports them if it
# can, which takes a sixth of its start. The program only reads bytes and JSON.
_ENCODING_DETECTION = ("charset_normalizer", "chardet")


def _import_requests() -> None:
    """Import requests without the libraries that guess an encoding, unless they are in use."""
    absent = [name for name in _ENCODING_DETECTION if name not in sys.modules]
    # An import of a module that is None fails as if it were not installed.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Unable to find acceptable character detection")
            import requests  # noqa: F401 - the modules of this package use it
    finally:
        for name in absent:
            del sys.modules[name]


_import_requests()
