"""Clear the errors that OpenSSL keeps for a thread from one connection to the next."""

import ssl
from contextlib import suppress
from functools import cache


def clear_error_queue() -> None:
    """Empty this thread's queue of OpenSSL errors.

    When a TLS write fails because the peer resets the connection, its error stays in the queue.
    The next read of this thread that has to wait then reports it, on another, healthy connection.
    OpenSSL empties the queue at the start of any handshake, so start one without a peer.

    Works around https://github.com/python/cpython/issues/148594; observed in CPython 3.13.5 with
    OpenSSL 3.5, not in 3.11.7, 3.12.1 and 3.13.0 with OpenSSL 3.0.
    Source: https://docs.openssl.org/3.0/man3/SSL_get_error/ ("The current thread's error queue
    must be empty before the TLS/SSL I/O operation is attempted").
    """
    unconnected = _context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
    with suppress(ssl.SSLWantReadError):
        unconnected.do_handshake()


@cache
def _context() -> ssl.SSLContext:
    # The server side waits for the client before it generates keys, which is the expensive part.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
