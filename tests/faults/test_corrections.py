"""Correct the input that the fix of an error names, run again: it is green."""

from collections.abc import Mapping

import pytest

from release_assets.errors import ReleaseAssetsError, each
from tests.faults.corrections import Correction, corrections
from tests.faults.fixes import places
from tests.support.certificate import make_certificate
from tests.support.engine import Engine

CASES = tuple(corrections())

# Places without a case, and why.
WITHOUT = {
    "publish/look.py:_notes": "a warning of a run that is green",
    "refusals.py:ImmutableReleaseError": "the fix is another tag; the inputs are for the next release",
    "runner.py:refusal": "a variable of the runner is wrong, which this engine does not read",
    "github/transport.py:unreachable": "the sandbox of these tests speaks no TLS",
}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A certificate in PEM form."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))[0].read_text()


def run(engine: Engine, inputs: dict[str, str]) -> tuple[ReleaseAssetsError, ...]:
    """Run once, and return the errors, those of the inputs too."""
    values = {name.replace("-", "_"): value for name, value in inputs.items()}
    try:
        return engine.publish(**values).errors
    except ReleaseAssetsError as error:
        return each(error)


def test_no_fix_that_names_an_input_is_without_a_case() -> None:
    found = {place for place, _ in places()}
    assert len(found) > 35
    assert found - {case.place for case in CASES} - set(WITHOUT) == set()
    assert {case.place for case in CASES if case.place} | set(WITHOUT) <= found


@pytest.mark.parametrize("correction", CASES, ids=lambda one: one.name)
def test_the_corrected_run_is_green(
    correction: Correction, engine: Engine, certificate: str
) -> None:
    sandbox = engine.sandbox
    sandbox.settings(**correction.settings)
    sandbox.seed({"repositories": [{"name": sandbox.repository, **correction.repository}]})
    engine.write(correction.files)
    ids = [str(release["id"]) for release in sandbox.releases()]
    for fault in correction.faults:
        sandbox.fault(**fault)
    sandbox.forget_requests()

    def filled(inputs: Mapping[str, str]) -> dict[str, str]:
        known = {"{id}": ids[0] if ids else "", "{token}": sandbox.token}
        known |= {"{read}": sandbox.read_token, "{certificate}": certificate}
        return {name: known.get(value, value) for name, value in inputs.items()}

    errors = run(engine, filled(correction.first))
    kinds = [type(error).__name__ for error in errors]
    assert kinds == ([correction.error] if correction.error else []), errors
    told = errors[0].fix if errors else "\n".join(engine.say.warnings)
    assert correction.fix in told, told
    writes = [one for one in sandbox.requests() if one.method not in {"GET", "HEAD"}]
    assert correction.writes_first or writes == []
    sandbox.disarm()

    second = filled(correction.second)
    assert run(engine, second) == ()
    (release,) = sandbox.releases()
    tag = second.get("tag", "v1").removeprefix("refs/tags/") or "v1"
    assert release["tag_name"] == tag
    assert release["draft"] is correction.is_draft
    assert {name: release[name] for name in correction.wants} == dict(correction.wants)
    held = {asset["name"]: sandbox.content_of(asset["id"]) for asset in release["assets"]}
    assert held == dict(correction.holds)
