import pytest

from tests.github_sandbox.conftest import Api

COMMITS = "/repos/octo-org/app/commits"
BRANCH, TAG, ONE, TWO, MERGE = (digit * 40 for digit in "bacde")
TWIN = ONE[:10] + "0" * 30


@pytest.fixture(autouse=True)
def repository(api: Api) -> None:
    repository = {
        "name": "octo-org/app",
        "branches": [{"name": "feature/x", "sha": BRANCH}],
        "tags": [{"name": "pkg/v2", "sha": TAG}],
        "commits": [{"name": sha} for sha in (ONE, TWIN, TWO)],
        "references": [{"name": "pull/7/merge", "sha": MERGE}],
    }
    api.sandbox.seed({"repositories": [repository]})


@pytest.mark.parametrize(
    ("ref", "sha"),
    [
        ("feature/x", BRANCH),
        ("feature%2Fx", BRANCH),
        ("heads/feature/x", BRANCH),
        ("refs/heads/feature/x", BRANCH),
        ("pkg%2Fv2", TAG),
        ("tags/pkg/v2", TAG),
        ("refs%2Ftags%2Fpkg%2Fv2", TAG),
        ("refs/pull/7/merge", MERGE),
        (ONE, ONE),
        (TWO[:7], TWO),
    ],
)
def test_a_reference_is_resolved_to_its_commit(api: Api, ref: str, sha: str) -> None:
    answer = api.call("GET", f"{COMMITS}/{ref}")
    assert (answer.status_code, answer.json()["sha"]) == (200, sha)


@pytest.mark.parametrize(
    "ref", ["mian", "f" * 40, ONE[:8], TWO[:6], "refs/heads/main2", "refs/feature/x", "x/y"]
)
def test_an_unknown_reference_is_refused(api: Api, ref: str) -> None:
    answer = api.call("GET", f"{COMMITS}/{ref}")
    assert answer.status_code == 422
    assert answer.json()["message"] == f"No commit found for SHA: {ref}"


def test_head_is_the_default_branch(api: Api) -> None:
    head = api.call("GET", f"{COMMITS}/HEAD").json()
    assert head == api.call("GET", f"{COMMITS}/main").json()


def test_the_answer_is_only_the_sha_on_request(api: Api) -> None:
    headers = {"Accept": "application/vnd.github.sha"}
    answer = api.call("GET", f"{COMMITS}/feature/x", headers=headers)
    assert answer.text == BRANCH


def test_a_commit_of_a_private_repository_is_hidden(api: Api) -> None:
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "private": True}]})
    assert Api(api.sandbox, None).call("GET", f"{COMMITS}/main").status_code == 404


def test_other_references_are_found_by_their_exact_names(api: Api) -> None:
    found = api.call("GET", "/repos/octo-org/app/git/ref/pull/7/merge").json()
    assert (found["ref"], found["object"]["sha"]) == ("refs/pull/7/merge", MERGE)
