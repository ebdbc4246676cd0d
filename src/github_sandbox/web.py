"""The web origin: release pages, and downloads by name."""

from github_sandbox.messages import Request, Response
from github_sandbox.world import World


def answer(world: World, request: Request) -> Response:
    """Answer a request to the web origin."""
    del world
    request.body.drain()
    return Response(status=404, headers=(("Content-Type", "text/plain"),), body=b"Not Found")
