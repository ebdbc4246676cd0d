from typing import Any

from tests.github_sandbox.conftest import Api
from tests.support.sandbox import Sandbox

BY_TAG = (
    "query RepositoryReleaseByTag($name:String!$owner:String!$tagName:String!){repository(owner: "
    "$owner, name: $name){release(tagName: $tagName){databaseId,isDraft}}}"
)


def ask(api: Api, query: str, **variables: Any) -> dict[str, Any]:
    answer = api.call("POST", "/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_draft_is_found_by_its_tag(api: Api) -> None:
    draft = api.release("v1", draft=True)
    where = {"owner": "octo-org", "name": "app"}
    found = ask(api, BY_TAG, **where, tagName="v1")["data"]["repository"]["release"]
    assert found == {"databaseId": draft["id"], "isDraft": True}
    reader = Api(api.sandbox, api.sandbox.read_token)
    for who, tag in ((reader, "v1"), (api, "v2")):
        assert ask(who, BY_TAG, **where, tagName=tag)["data"]["repository"] == {"release": None}


def test_an_unknown_object_or_query_is_a_graphql_error(api: Api) -> None:
    unknown = ask(api, "query Viewer{viewer{login}}")
    assert unknown["data"] is None
    assert "does not know the query" in unknown["errors"][0]["message"]
    nowhere = ask(api, BY_TAG, owner="octo-org", name="none", tagName="v1")
    assert nowhere["errors"][0]["type"] == "NOT_FOUND"


def test_graphql_requires_a_token(sandbox: Sandbox) -> None:
    answer = Api(sandbox, None).call("POST", "/graphql", json={"query": BY_TAG})
    assert answer.status_code == 401
