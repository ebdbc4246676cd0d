"""Requests that are refused for other reasons than the permissions of the token."""

import time
from typing import Any

import pytest

from tests.github_sandbox.conftest import RELEASES, Api
from tests.support.sandbox import Sandbox


def seed(sandbox: Sandbox, **repository: Any) -> None:
    sandbox.seed({"repositories": [{"name": "octo-org/app", **repository}]})


def test_an_archived_repository_is_read_only(api: Api) -> None:
    release = api.release(draft=True)
    asset = api.asset(release, "a")
    before = api.sandbox.releases()
    seed(api.sandbox, archived=True)
    message = "Repository was archived so is read-only."
    for method, url in (
        ("POST", RELEASES),
        ("PATCH", release["url"]),
        ("DELETE", release["url"]),
        ("DELETE", asset["url"]),
    ):
        refused = api.call(method, url, json={"tag_name": "v1"})
        assert (refused.status_code, refused.json()["message"]) == (403, message)
    upload = api.upload(release, "b")
    assert (upload.status_code, upload.json()["message"]) == (403, message)
    assert api.sandbox.releases() == before
    assert api.call("GET", release["url"]).status_code == 200
    assert api.call("GET", "/repos/octo-org/app").json()["archived"] is True


def test_saml_refuses_personal_tokens_only(sandbox: Sandbox) -> None:
    seed(sandbox, saml=True)
    refused = Api(sandbox, sandbox.admin_token).call("GET", RELEASES)
    assert refused.status_code == 403
    assert refused.json()["message"] == (
        "Resource protected by organization SAML enforcement. You must grant your Personal Access "
        "token access to this organization."
    )
    sso = refused.headers["X-GitHub-SSO"]
    assert sso.startswith(f"required; url={sandbox.server_url}/orgs/octo-org/sso?")
    assert Api(sandbox, sandbox.token).create(tag_name="v1").status_code == 201
    assert Api(sandbox, None).call("GET", RELEASES).status_code == 200


def test_an_ip_allow_list_refuses_every_token(sandbox: Sandbox) -> None:
    release = Api(sandbox, sandbox.token).release()
    seed(sandbox, ip_allow_list=True)
    for token in (sandbox.token, sandbox.admin_token):
        api = Api(sandbox, token)
        for refused in (api.call("GET", RELEASES), api.upload(release, "a")):
            assert refused.status_code == 403
            assert refused.json()["message"] == (
                "Although you appear to have the correct authorization credentials, the `octo-org` "
                "organization has an IP allow list enabled, and your IP address is not permitted to "
                "access this resource."
            )
    assert Api(sandbox, None).call("GET", RELEASES).status_code == 200


@pytest.mark.parametrize("flag", ["saml", "ip_allow_list", "archived"])
def test_a_private_repository_stays_hidden(sandbox: Sandbox, flag: str) -> None:
    seed(sandbox, private=True, **{flag: True})
    stranger = Api(sandbox, sandbox.no_token)
    assert stranger.call("GET", RELEASES).status_code == 404
    assert stranger.create(tag_name="v1").status_code == 404


def test_a_token_expires_after_the_set_number_of_requests(sandbox: Sandbox) -> None:
    sandbox.seed({"jobs": {"one": "ghs_one"}, "expiring": {"one": {"requests": 3}}})
    api, other = Api(sandbox, "ghs_one"), Api(sandbox, sandbox.token)
    release = api.release()
    assert api.upload(release, "a").status_code == 201
    assert api.call("PATCH", release["url"], json={"body": "x"}).status_code == 200
    for refused in (api.call("GET", release["url"]), api.upload(release, "b")):
        assert (refused.status_code, refused.json()["message"]) == (401, "Bad credentials")
    assert other.call("GET", release["url"]).status_code == 200


def test_a_token_expires_after_the_set_time(sandbox: Sandbox) -> None:
    sandbox.seed({"expiring": {"write": {"seconds": 0.3}}})
    api = Api(sandbox, sandbox.token)
    assert api.call("GET", RELEASES).status_code == 200
    time.sleep(0.35)
    assert api.call("GET", RELEASES).status_code == 401
    sandbox.reset()
    assert api.call("GET", RELEASES).status_code == 200


@pytest.mark.parametrize(
    ("status", "message"),
    [(422, "Validation Failed"), (403, "Repository rule violations found")],
)
def test_a_ruleset_forbids_the_creation_of_a_tag(api: Api, status: int, message: str) -> None:
    seed(api.sandbox, protected_tags=["v*"])
    api.sandbox.settings(ruleset_refusal=status)
    refused = api.create(tag_name="v7")
    assert refused.status_code == status
    assert refused.json()["message"].startswith(message)
    head = api.call("GET", "/repos/octo-org/app/git/ref/heads/main").json()["object"]["sha"]
    reference = {"ref": "refs/tags/v7", "sha": head}
    refused = api.call("POST", "/repos/octo-org/app/git/refs", json=reference)
    assert refused.status_code == status
    assert refused.json()["message"].startswith("Repository rule violations found")
    assert api.create(tag_name="v1").status_code == 201, "this tag exists"
    assert api.create(tag_name="v8", draft=True).status_code == 201, "a draft creates no tag"


@pytest.mark.parametrize(
    "document",
    [{"expiring": {"nobody": {"requests": 1}}}, {"expiring": {"write": {"minutes": 1}}}],
)
def test_an_invalid_seed_of_expiring_tokens_is_an_error(
    sandbox: Sandbox, document: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="POST /seed"):
        sandbox.seed(document)
