"""One release, start to end: look, plan, perform, make public."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Semaphore
from typing import TypeVar

from release_assets import plan as planning
from release_assets import text
from release_assets.content import hash_file
from release_assets.cost import cost_of
from release_assets.create import check_may_create, give_up_unseen, make_release
from release_assets.draft_mark import is_marked
from release_assets.errors import NotBegunError, ReleaseAssetsError, each, raise_all
from release_assets.expect import to_prune
from release_assets.files import Found, find_files, read_notes
from release_assets.finish import finish
from release_assets.github.client import GitHub
from release_assets.inputs import Inputs
from release_assets.models import Asset, LocalFile, Release
from release_assets.outcome import Outcome
from release_assets.plan import Known, Plan
from release_assets.read_back import download_digest
from release_assets.refusals import ImmutableReleaseError, MovedError
from release_assets.release import assets_of, find_release, is_gone
from release_assets.report import cost_line, plan_lines, plan_total
from release_assets.say import Say
from release_assets.upload import HOPELESS, perform_all
from release_assets.work import Work

Value = TypeVar("Value")
_TURNS = 3  # releases that a run may begin with, until it has the one that all agree on
_MANY = 30  # lines, which are folded where a door can do so

Begin = Callable[[int, Mapping[str, str | None]], None]
"""Told before the first write: the release's id, and the names that the run will bring to it,
with the digests that are known already."""


def publish(
    inputs: Inputs, github: GitHub, say: Say, outcome: Outcome, begin: Begin | None = None
) -> None:
    """Bring the files of the inputs to the release, and fill in the outcome on the way.

    Never raises a ReleaseAssetsError: errors are part of the outcome, beside what is up.
    """
    outcome.tag = inputs.tag
    clock = github.session.clock
    began = clock.elapsed()
    try:
        _settle(inputs, outcome, github, say, begin)
    except ReleaseAssetsError as error:
        outcome.errors += each(error)
    try:
        for draft_id in outcome.strays:
            give_up_unseen(draft_id, outcome, github, say)
    except ReleaseAssetsError as error:
        outcome.errors += each(error)
    outcome.seconds = clock.elapsed() - began


def _settle(
    inputs: Inputs, outcome: Outcome, github: GitHub, say: Say, begin: Begin | None
) -> None:
    """Conduct, and again where the release turns out to be another one, or to be gone."""
    for turn in range(1, _TURNS + 1):
        try:
            _conduct(inputs, outcome, github, say, begin)
        except ReleaseAssetsError as error:
            release = outcome.release
            if release is None or turn == _TURNS:
                raise
            if isinstance(error, MovedError):
                _take_back(outcome, release, github)
            elif not is_gone(release, each(error), github):
                raise
            say.line(f"release {release.id} is not the one any more: looking for {release.tag}")
            outcome.begin_anew()
        else:
            return


def _take_back(outcome: Outcome, release: Release, github: GitHub) -> None:
    """Delete from a draft that nobody goes on with what this run has put there."""
    for result in outcome.results:
        if result.changed and result.asset is not None:
            github.delete_asset(result.asset.id)
            outcome.taken_back.add(result.asset.id)
    if is_marked(release.body):
        outcome.strays += (release.id,)


def _conduct(
    inputs: Inputs, outcome: Outcome, github: GitHub, say: Say, begin: Begin | None
) -> None:
    files = _look(inputs, outcome, github, say)
    release = outcome.release
    assets = assets_of(release, github) if release is not None else ()
    outcome.digests |= _digests(files, assets, inputs)
    outcome.plan = plan = _plan(files, assets, outcome.digests, inputs, github)
    with say.group("Plan"):
        for line in plan_lines(plan):
            say.line(line)
    say.line(plan_total(plan))
    raise_all(_refusals(plan, release))
    outcome.cost = cost_of(plan, inputs, release, assets)
    if inputs.dry_run:
        outcome.planned_only = True
        say.line(cost_line(outcome.cost))
        return
    if not files and release is None:
        say.line("no files, and no release: nothing is created")
        return
    work = _work(files, inputs, outcome, github, say)
    work.swaps = Semaphore(planning.free_places(plan.steps, assets))
    if begin is not None and (plan.writes or inputs.checksums):
        begin(work.release.id, _wanted(plan, inputs, outcome))
    with say.group("Publish") if len(plan.steps) > _MANY else nullcontext():
        perform_all(plan.steps, work, outcome.done)
    raise_all(_failures(outcome))
    if work.release.draft or inputs.checksums or plan.prune:
        finish(inputs, outcome, work)


def _wanted(plan: Plan, inputs: Inputs, outcome: Outcome) -> dict[str, str | None]:
    """Return what the run is about to bring: names, and digests where they are known."""
    names = [step.file.name for step in plan.steps if planning.writes(step)]
    wanted = {name: outcome.digests.get(name) for name in names}
    return wanted | ({inputs.checksums: None} if inputs.checksums else {})


def _look(inputs: Inputs, outcome: Outcome, github: GitHub, say: Say) -> tuple[LocalFile, ...]:
    """Find the files and the release; what is wrong with either is told together."""
    faults: list[ReleaseAssetsError] = []

    def attempt(call: Callable[[], Value], otherwise: Value) -> Value:
        try:
            return call()
        except ReleaseAssetsError as fault:
            faults.extend(each(fault))
            return otherwise

    found = attempt(lambda: find_files(inputs), Found(files=(), warnings=()))
    _warn(found.warnings, outcome, say)
    if not faults:
        size = text.size(sum(file.size for file in found.files))
        say.line(f"found {text.count(len(found.files), 'file')}, {size}")
    before = len(faults)
    release = attempt(lambda: find_release(inputs, github), None)
    if release is not None:
        kind = "draft" if release.draft else "release"
        say.line(f"{kind} {release.tag}, id {release.id}: {release.html_url}")
    elif len(faults) == before:
        attempt(lambda: check_may_create(inputs, github), None)
        attempt(lambda: read_notes(inputs), "")
        if len(faults) == before:
            say.line(f"no release for {inputs.tag} yet: it will be created as a draft")
    raise_all(faults)
    outcome.release = release
    return found.files


def _warn(warnings: Sequence[str], outcome: Outcome, say: Say) -> None:
    """Tell in one warning what each pattern has that is likely a mistake."""
    if warnings:
        outcome.warnings += warnings
        told = warnings if len(warnings) == 1 else [f"- {warning}" for warning in warnings]
        say.warning("Patterns without effect", "\n".join(told))


def _digests(files: Sequence[LocalFile], assets: Sequence[Asset], inputs: Inputs) -> dict[str, str]:
    """Hash the files that the plan compares, some at a time."""
    needed = planning.files_to_hash(files, assets, overwrite=inputs.overwrite)
    if not needed:
        return {}
    with ThreadPoolExecutor(min(len(needed), 4)) as pool:
        hashed = list(pool.map(hash_file, needed))
    return {file.name: digest for file, digest in zip(needed, hashed, strict=True)}


def _plan(
    files: Sequence[LocalFile],
    assets: Sequence[Asset],
    digests: dict[str, str],
    inputs: Inputs,
    github: GitHub,
) -> Plan:
    remote: dict[int, str] = {}
    if inputs.verify == "download":
        for asset in planning.assets_to_read(files, assets):
            remote[asset.id] = download_digest(asset, github)
    names = [file.name for file in files] + ([inputs.checksums] if inputs.checksums else [])
    return planning.plan(
        files,
        assets,
        overwrite=inputs.overwrite,
        known=Known(local=digests, remote=remote),
        # Against no files at all, every asset would be one too many.
        prune=to_prune(inputs.prune, assets, keep=names, expected=inputs.expect) if files else (),
        extra=[inputs.checksums] if inputs.checksums else [],
    )


def _refusals(plan: Plan, release: Release | None) -> tuple[ReleaseAssetsError, ...]:
    if release is not None and release.immutable and (plan.writes or plan.refusals):
        return (ImmutableReleaseError(release.tag, release.html_url),)
    return plan.refusals


def _work(
    files: Sequence[LocalFile], inputs: Inputs, outcome: Outcome, github: GitHub, say: Say
) -> Work:
    """Make sure of a release, and bundle what the uploads share."""
    release = outcome.release or make_release(inputs, outcome, github, say)
    return Work(
        github=github,
        release=release,
        files=tuple(files),
        overwrite=inputs.overwrite,
        download_to_verify=inputs.verify == "download",
        say=say,
        digests=outcome.digests,
    )


def _failures(outcome: Outcome) -> Sequence[ReleaseAssetsError]:
    """Return what went wrong; what follows from it is not told again for every file."""
    errors = [result.error for result in outcome.results if result.error is not None]
    hopeless = [error for error in errors if isinstance(error, HOPELESS)]
    if hopeless:
        return hopeless[:1]
    return [error for error in errors if not isinstance(error, NotBegunError)] or errors
