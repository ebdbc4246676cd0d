"""HTTP below the API: connections, sending, receiving, proxies, TLS, timeouts."""
