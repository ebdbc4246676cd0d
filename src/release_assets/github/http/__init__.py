"""HTTP for the API: connections, sending, receiving, redirects, proxies, TLS and timeouts."""
