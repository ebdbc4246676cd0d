"""One release, start to end: look, plan, perform, make public."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Semaphore
from typing import TypeVar

from release_assets import plan as planning
from release_assets import release as releases
from release_assets.checksums import release_list
from release_assets.errors import (
    ImmutableReleaseError,
    NotBegunError,
    ReleaseAssetsError,
    each,
    raise_all,
)
from release_assets.files import Found, find_files, hash_file, read_notes
from release_assets.github.client import GitHub
from release_assets.inputs import Inputs
from release_assets.models import Asset, LocalFile, Result
from release_assets.outcome import Outcome
from release_assets.plan import Known, Plan
from release_assets.read_back import download_digest
from release_assets.report import plan_lines, result_line
from release_assets.say import Say
from release_assets.standing import Places
from release_assets.upload import HOPELESS, perform, perform_all
from release_assets.work import Work

Value = TypeVar("Value")
_LISTS = 3  # of checksums, at most: where many jobs publish at once, the last ends it

Begin = Callable[[int, Sequence[str]], None]
"""Told before the first write: the release's id, and the names that the run will bring to it."""


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
        _conduct(inputs, outcome, github, say, begin)
    except ReleaseAssetsError as error:
        outcome.errors += each(error)
    outcome.seconds = clock.elapsed() - began


def _conduct(
    inputs: Inputs, outcome: Outcome, github: GitHub, say: Say, begin: Begin | None
) -> None:
    with say.group("Look"):
        files = _look(inputs, outcome, github, say)
    with say.group("Plan"):
        assets: Sequence[Asset] = ()
        if outcome.release is not None:
            assets = github.list_assets(outcome.release.id)
        outcome.digests |= _digests(files, assets, inputs)
        outcome.plan = _plan(files, assets, outcome.digests, inputs, github)
        for line in plan_lines(outcome.plan):
            say.line(line)
        raise_all(_refusals(outcome))
    if inputs.dry_run:
        outcome.planned_only = True
        say.line("dry run: nothing was changed")
        return
    if not files and outcome.release is None:
        say.line("no files, and no release: nothing is created")
        return
    with say.group("Publish"):
        work = _work(inputs, outcome, github, say)
        work.swaps = Semaphore(planning.free_places(outcome.plan.steps, assets))
        if begin is not None and (outcome.plan.writes or inputs.checksums):
            names = [step.file.name for step in outcome.plan.steps if planning.writes(step)]
            begin(work.release.id, names + ([inputs.checksums] if inputs.checksums else []))
        perform_all(outcome.plan.steps, work, outcome.done)
        raise_all(_failures(outcome))
        if inputs.checksums:
            _add_checksums(inputs.checksums, outcome, work)
        _prune(outcome, work)
    _make_public(inputs, outcome, work)


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
    for warning in found.warnings:
        outcome.warnings.append(warning)
        say.warning("Pattern", warning)
    if not faults:
        size = sum(file.size for file in found.files)
        say.line(f"{len(found.files)} file{'s' * (len(found.files) != 1)}, {size:,} bytes")
    before = len(faults)
    release = attempt(lambda: releases.find_release(inputs, github), None)
    if release is not None:
        kind = "draft" if release.draft else "release"
        say.line(f"{kind} {release.tag}, id {release.id}: {release.html_url}")
    elif len(faults) == before:
        attempt(lambda: releases.check_may_create(inputs, github), None)
        attempt(lambda: read_notes(inputs), "")
        if len(faults) == before:
            say.line(f"no release for {inputs.tag} yet: it will be created as a draft")
    raise_all(faults)
    outcome.release = release
    return found.files


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
    keep = [file.name for file in files] + ([inputs.checksums] if inputs.checksums else [])
    return planning.plan(
        files,
        assets,
        overwrite=inputs.overwrite,
        known=Known(local=digests, remote=remote),
        # Against no files at all, every asset would be one too many.
        prune=releases.to_prune(inputs.prune, assets, keep) if files else (),
    )


def _refusals(outcome: Outcome) -> tuple[ReleaseAssetsError, ...]:
    plan, release = outcome.plan, outcome.release
    if plan is None:
        return ()
    if release is not None and release.immutable and (plan.writes or plan.refusals):
        return (ImmutableReleaseError(release.tag, release.html_url),)
    return plan.refusals


def _work(inputs: Inputs, outcome: Outcome, github: GitHub, say: Say) -> Work:
    """Make sure of a release, and bundle what the uploads share."""
    if outcome.release is None:
        outcome.release, unheard = releases.create_release(inputs, github)
        outcome.created = True
        say.line(f"created draft {outcome.release.tag}, id {outcome.release.id}")
        outcome.release = releases.agree(outcome.release, unheard, github, say)
    return Work(
        github=github,
        release=outcome.release,
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


def _add_checksums(name: str, outcome: Outcome, work: Work) -> None:
    """Put the list of all assets' digests on the release, last; again if the set changed then."""
    pruned = {asset.id for asset in outcome.plan.prune} if outcome.plan else set()
    known = {
        result.asset.id: result.digest
        for result in outcome.results
        if result.asset is not None and result.digest is not None and result.name != "skipped"
    }
    work.overwrite = "true"
    first: Result | None = None
    written: str | None = None
    for _ in range(_LISTS):
        assets = [one for one in _standing(outcome, work) if one.id not in pruned]
        with release_list(name, assets, known, work.github) as file:
            digest = hash_file(file)
            if digest == written:
                return
            work.digests[file.name] = written = digest
            there = Places(assets).standing(file)
            step = planning.step_for(file, there, overwrite="true", known=work.known())
            result = perform(step, work)
        first = first or result
        work.say.line(result_line(result))
        outcome.checksums = result if result.error else replace(result, name=first.name)
        raise_all(_failures(outcome))
        if not planning.writes(step):
            return


def _standing(outcome: Outcome, work: Work) -> tuple[Asset, ...]:
    """Return the release's assets, with those of this run that the list does not show yet."""
    assets = work.github.list_assets(work.release.id)
    shown = {asset.name for asset in assets}
    ours = (result.asset for result in outcome.results if result.asset is not None)
    return assets + tuple(asset for asset in ours if asset.name not in shown)


def _prune(outcome: Outcome, work: Work) -> None:
    for asset in outcome.plan.prune if outcome.plan else ():
        work.delete(asset)
        outcome.pruned += (asset,)
        work.say.line(f"deleted {asset.name}")


def _make_public(inputs: Inputs, outcome: Outcome, work: Work) -> None:
    release, github, say = work.release, work.github, work.say
    if not release.draft or inputs.publish == "never":
        return
    if inputs.expect:
        outcome.awaited = releases.missing(inputs.expect, _standing(outcome, work))
        if outcome.awaited:
            say.line(f"stays a draft until there is {', '.join(outcome.awaited)}")
            return
    elif inputs.publish == "auto" and not outcome.created:
        say.line("stays a draft: this run did not create it (set `publish: always` or `expect`)")
        return
    with say.group("Make public"):
        release = releases.make_public(release, inputs, github)
        outcome.release = release
        outcome.published = True
        say.line(f"{release.tag} is public: {release.html_url}")
        # What a draft's assets were called has died with the draft.
        now = {asset.id: asset for asset in release.assets}
        ids = {result.asset.id for result in outcome.results if result.asset is not None}
        if not ids <= now.keys():
            now = {asset.id: asset for asset in github.list_assets(release.id)}
        outcome.public = now
