"""The few GraphQL queries that GitHub's own program sends about releases."""

from github_sandbox.answers import json_response
from github_sandbox.call import Call, json_object
from github_sandbox.messages import Response


def answer_query(call: Call) -> Response:
    """Answer a query of the gh program; any other gets an error in GraphQL's shape."""
    query = json_object(call.request).get("query")
    message = f"this sandbox does not answer the query {str(query)[:60]!r}"
    return json_response(200, {"data": None, "errors": [{"message": message}]})
