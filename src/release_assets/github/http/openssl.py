"""What OpenSSL keeps for a thread, between one connection and the next."""

import ssl
from contextlib import suppress
from functools import cache


def forget_errors() -> None:
    """Empty this thread's queue of OpenSSL errors.

    A TLS write that fails as the peer resets the connection leaves its error there, and the next
    read of this thread that has to wait reports it, on a connection that is well. OpenSSL empties
    the queue as any handshake begins, so one is begun that nobody answers.

    Works around https://github.com/python/cpython/issues/148594; seen in CPython 3.13.5 with
    OpenSSL 3.5, not in 3.11.7, 3.12.1 and 3.13.0 with OpenSSL 3.0.
    Source: https://docs.openssl.org/3.0/man3/SSL_get_error/ ("The current thread's error queue
    must be empty before the TLS/SSL I/O operation is attempted").
    """
    nobody = _context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
    with suppress(ssl.SSLWantReadError):
        nobody.do_handshake()


@cache
def _context() -> ssl.SSLContext:
    # A server's side waits for the client without making keys, which costs more than the rest.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
