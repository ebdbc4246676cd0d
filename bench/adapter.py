"""Uploads files one after the other through a bare adapter of requests: as little as it can take."""

import sys
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter


def main(url: str, token: str, *paths: str) -> None:
    """Post each file to the url, and check the status of each answer."""
    adapter = HTTPAdapter()
    for path in map(Path, paths):
        with path.open("rb") as file:
            request = requests.Request(
                "POST",
                url,
                params={"name": path.name},
                data=file,
                headers={
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "application/octet-stream",
                },
            )
            response = adapter.send(request.prepare())
        if response.status_code != 201:
            raise OSError(f"{path}: {response.status_code}")
        response.json()


if __name__ == "__main__":
    main(*sys.argv[1:])
