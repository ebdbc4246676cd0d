"""A run succeeds after the input that an error's fix names has been corrected."""

from collections.abc import Mapping

import pytest

from release_assets.errors import ReleaseAssetsError, single_errors
from tests.faults.corrections import Correction, corrections
from tests.faults.fixes import find_places
from tests.support.certificate import make_certificate
from tests.support.engine import Engine

CASES = tuple(corrections())

# Fixes without a case: the place and the input that is named, and why.
WITHOUT = {
    ("publish/release_lookup.py:_no_such_id", "tag"): "only in workflows that a release starts",
    ("publish/permission.py:missing_permission", "token"): "as for PERMISSION_FIX",
    ("github/decode_errors.py:_not_found", "token"): "as for PERMISSION_FIX",
    ("plan/errors.py:ImmutableReleaseError", "publish"): "for the next release",
    ("plan/errors.py:ImmutableReleaseError", "expect"): "for the next release",
    ("plan/errors.py:UntaggedReleaseError", "release-id"): "it is correct; the fix adds `tag`",
    (
        "action/runner.py:_event_error",
        "tag",
    ): "from a variable of the runner, which this engine does not read",
    (
        "github/http/transport_errors.py:describe_transport_error",
        "ca-bundle",
    ): "the sandbox of these tests does not use TLS",
}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A certificate in PEM form."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))[0].read_text()


def run(engine: Engine, inputs: dict[str, str]) -> tuple[ReleaseAssetsError, ...]:
    """Run once, and return its errors, including those of the inputs."""
    values = {name.replace("-", "_"): value for name, value in inputs.items()}
    try:
        return engine.publish(**values).errors
    except ReleaseAssetsError as error:
        return single_errors(error)


def test_every_fix_that_names_an_input_has_a_case() -> None:
    found = set(find_places())
    assert len(found) > 50
    corrected = {(case.place, name) for case in CASES for name in case.changed}
    assert found - corrected == set(WITHOUT)
    assert {case.place for case in CASES if case.place} <= {place for place, _ in found}


@pytest.mark.parametrize("correction", CASES, ids=lambda one: one.name)
def test_a_run_with_the_corrected_input_succeeds(
    correction: Correction, engine: Engine, certificate: str
) -> None:
    sandbox = engine.sandbox
    sandbox.settings(**correction.settings)
    sandbox.seed({"repositories": [{"name": sandbox.repository, **correction.repository}]})
    engine.write(correction.files)
    engine.run = correction.run
    ids = [str(release["id"]) for release in sandbox.releases()]
    for fault in correction.faults:
        sandbox.fault(**fault)
    sandbox.forget_requests()

    def with_values(inputs: Mapping[str, str]) -> dict[str, str]:
        known = {"{id}": ids[0] if ids else "", "{token}": sandbox.token}
        known |= {"{read}": sandbox.read_token, "{certificate}": certificate}
        return {name: known.get(value, value) for name, value in inputs.items()}

    errors = run(engine, with_values(correction.first))
    kinds = [type(error).__name__ for error in errors]
    assert kinds == ([correction.error] if correction.error else []), errors
    reported = errors[0].fix if errors else "\n".join(engine.reporter.warnings)
    assert correction.fix in reported, reported
    writes = [one for one in sandbox.requests() if one.method not in {"GET", "HEAD"}]
    assert correction.writes_first or writes == []
    sandbox.disarm()
    sandbox.seed({"repositories": [{"name": sandbox.repository, **correction.repository_then}]})

    second = with_values(correction.second)
    assert run(engine, second) == ()
    tag = second.get("tag", "v1").removeprefix("refs/tags/") or "v1"
    (release,) = (one for one in sandbox.releases() if one["tag_name"] == tag)
    assert len(sandbox.releases()) == len({*ids, str(release["id"])})
    assert release["draft"] is correction.is_draft
    assert {name: release[name] for name in correction.wants} == dict(correction.wants)
    held = {asset["name"]: sandbox.content_of(asset["id"]) for asset in release["assets"]}
    assert held == dict(correction.holds)
