"""The end of a run: whose turn it is, the list of checksums, what goes, making public."""

from dataclasses import replace

from release_assets import plan as planning
from release_assets import text
from release_assets.checksums import release_list
from release_assets.content import hash_file
from release_assets.create import give_up
from release_assets.draft_mark import is_made_for
from release_assets.errors import raise_all
from release_assets.expect import after, is_older, missing, names_in, newest, swapping, to_prune
from release_assets.inputs import Inputs
from release_assets.models import Asset, Result
from release_assets.names import marked
from release_assets.outcome import Outcome
from release_assets.refusals import MovedError
from release_assets.release import (
    assets_of,
    holds,
    is_spare,
    look_at,
    make_public,
    public_address,
    whole,
)
from release_assets.report import result_line
from release_assets.resume import resume
from release_assets.standing import Places
from release_assets.upload import perform
from release_assets.work import Work

_LISTS = 3  # of checksums, at most: where many jobs publish at once, the last ends it

LAG_SECONDS = 5.0
"""After which GitHub shows what other jobs have finished, mostly.

Source: https://github.com/cli/cli/issues/6599 (seconds)
"""

TURN_SECONDS = 10.0
"""For who uploaded the last asset to make the release public, before another job does it."""

ALONE_SECONDS = 120.0
"""After which whoever uploaded the last asset is no longer at work."""

_MOST_TURNS = 15
_PLACE_SECONDS = 1.0, 4.0  # least and most between a turn and the next
_FRESH_SECONDS = 0.5  # for which a look may be relied on

SWAP_SECONDS = 900.0
"""After which a swap that nobody ended is taken for broken off."""


def finish(inputs: Inputs, outcome: Outcome, work: Work) -> None:
    """Do what comes after the last upload.

    Raises: MovedError when all jobs agree on another release meanwhile, ReleaseAssetsError.
    """
    if work.release.draft:
        _look_again(inputs, outcome, work)
    _end(inputs, outcome, work)
    _sweep(inputs, outcome, work)


def _end(inputs: Inputs, outcome: Outcome, work: Work) -> None:
    if work.release.draft and inputs.expect and not _is_our_turn(inputs, outcome, work):
        return
    if inputs.checksums:
        _add_list(inputs.checksums, inputs, outcome, work)
    if outcome.plan and outcome.plan.prune:
        _prune(inputs, outcome, work)
    if work.release.draft:
        _make_public(inputs, outcome, work)


def _look_again(inputs: Inputs, outcome: Outcome, work: Work) -> None:
    """Look what the draft is by now.

    Raises: MovedError, GitHubError.
    """
    work.looked = work.github.session.clock.elapsed()
    now, *work.besides = look_at(work.release, inputs, work.github)
    if now.id != work.release.id:
        raise MovedError(work.release.id, now.id, now.tag, now.html_url)
    work.seen = work.github.session.clock.elapsed()
    outcome.release, work.release, work.shown = now, now, None
    if not now.draft:
        work.say.line(f"{now.tag} was made public by another job: {now.html_url}")
        _take_addresses(outcome, work)


def _is_our_turn(inputs: Inputs, outcome: Outcome, work: Work) -> bool:
    """Say whether it is this job that ends the work of all.

    It is whoever finished the last asset of the complete set; all come to the same. Should that
    one have died, or have looked before GitHub showed the set, another does it a little later.
    """
    clock = work.github.session.clock
    outcome.awaited = _awaited(inputs, outcome, work)
    if outcome.awaited:
        clock.sleep(LAG_SECONDS)
        _look_again(inputs, outcome, work)
        outcome.awaited = _awaited(inputs, outcome, work)
    if not work.release.draft:
        return False
    if outcome.awaited:
        _say_awaited(inputs, outcome, work)
        return False
    wait = _wait_seconds(inputs, outcome, work)
    if wait:
        clock.sleep(wait)
        _look_again(inputs, outcome, work)
    return work.release.draft


def _wait_seconds(inputs: Inputs, outcome: Outcome, work: Work) -> float:
    """Return how long to let others make the release public, who are more likely to be the last.

    Each job has a turn of its own, the later the more assets came after its own: as long as
    looking and making public may take, going by how long the last look took.
    """
    session = work.github.session
    assets = [one for one in _standing(outcome, work) if one.name != inputs.checksums]
    last = newest(assets)
    ours = {one.asset.id: one.changed for one in outcome.results if one.asset}
    place = min(after(assets, ours), _MOST_TURNS)
    if last is not None and not ours.get(last.id):
        place = max(place, 1)  # an earlier run brought it, or another job that has the same file
    if last is None or not place or is_older(last, ALONE_SECONDS, session.server.now()):
        return 0.0
    work.say.line(f"the set is complete; {last.name} came last, and its job makes it public")
    least, most = _PLACE_SECONDS
    look_seconds = session.clock.elapsed() - work.looked  # with the waits for tries, if it took any
    each = min(max(least, 3 * look_seconds), most)
    spread = 1.0 if place < _MOST_TURNS else 5.0  # at the last place there are many
    return TURN_SECONDS + place * each + spread * session.clock.chance()


def _awaited(inputs: Inputs, outcome: Outcome, work: Work) -> tuple[str, ...]:
    """Return what is still to come; end swaps that were broken off long ago."""
    release, now = work.release, work.github.session.server.now()
    wanted = [one for one in inputs.expect if one != inputs.checksums]
    named, ours = len(names_in(wanted)), len(outcome.results)
    if not holds(release, named - ours, work.github):
        return (f"all of {named} assets",)
    assets = _standing(outcome, work)
    stale = [one for one in swapping(assets) if is_older(one, SWAP_SECONDS, now)]
    names = {mark.final for asset in stale if (mark := marked(asset.name))}
    if names and resume(work.github, release.id, dict.fromkeys(sorted(names)), work.say):
        assets = _standing(outcome, work, anew=True)
    swaps = {mark.final for asset in swapping(assets) if (mark := marked(asset.name))}
    return (*missing(wanted, assets), *(f"the end of the swap of {name}" for name in sorted(swaps)))


def _say_awaited(inputs: Inputs, outcome: Outcome, work: Work) -> None:
    if work.shown is not None:
        there = sorted(asset.name for asset in _standing(outcome, work))
        work.say.line(f"there is: {text.some(there) or 'nothing'}")
    told = f"stays a draft until there is {text.some(outcome.awaited)}"
    if inputs.publish == "always":
        # Whoever says so counts on it.
        fix = "To fix: run the jobs that bring it, or correct `expect`"
        work.say.warning("Set not complete", f"{told}. {fix}")
    else:
        work.say.line(told)


def _add_list(name: str, inputs: Inputs, outcome: Outcome, work: Work) -> None:
    """Put the list of all assets' digests on the release, last; again if the set changed then."""
    known = {
        result.asset.id: result.digest
        for result in outcome.results
        if result.asset is not None and result.digest is not None and result.name != "skipped"
    }
    work.overwrite = "true"
    first: Result | None = None
    written: str | None = None
    for _ in range(_LISTS):
        assets = _standing(outcome, work, anew=True)
        pruned = {asset.id for asset in _pruned(inputs, outcome, assets)}
        assets = tuple(one for one in assets if one.id not in pruned)
        with release_list(name, assets, known, work.github) as file:
            digest = hash_file(file)
            if digest == written:
                return
            work.digests[file.name] = written = digest
            there = Places(assets, work.files).standing(file)
            step = planning.step_for(file, there, overwrite="true", known=work.known())
            result = perform(step, work)
        first = first or result
        work.say.line(result_line(result))
        outcome.checksums = result if result.error else replace(result, name=first.name)
        raise_all([result.error] if result.error else [])
        if not planning.writes(step):
            return


def _standing(outcome: Outcome, work: Work, *, anew: bool = False) -> tuple[Asset, ...]:
    """Return the release's assets, with those of this run that GitHub does not show yet."""
    github, release = work.github, work.release
    if anew:
        work.shown = github.list_assets(release.id)
    elif work.shown is None:
        work.shown = assets_of(release, github)
    names = {asset.name for asset in work.shown}
    ours = (result.asset for result in outcome.results if result.asset is not None)
    return work.shown + tuple(asset for asset in ours if asset.name not in names)


def _pruned(inputs: Inputs, outcome: Outcome, assets: tuple[Asset, ...]) -> tuple[Asset, ...]:
    """Return what is to go: what was planned, and still is what it was."""
    planned = {asset.id: asset.name for asset in outcome.plan.prune} if outcome.plan else {}
    return tuple(
        asset
        for asset in to_prune(inputs.prune, assets, keep=outcome.names, expected=inputs.expect)
        if planned.get(asset.id) == asset.name
    )


def _prune(inputs: Inputs, outcome: Outcome, work: Work) -> None:
    # Other jobs may have swapped what was planned to go.
    for asset in _pruned(inputs, outcome, work.github.list_assets(work.release.id)):
        work.delete(asset)
        outcome.pruned += (asset,)
        work.say.line(f"deleted {asset.name}")


def _make_public(inputs: Inputs, outcome: Outcome, work: Work) -> None:
    if inputs.publish == "never":
        return
    ours = outcome.created or is_made_for(work.release.body, outcome.planned)
    if inputs.publish == "auto" and not inputs.expect and not ours:
        work.say.line("stays a draft: it was not made for these files (set `publish: always`)")
        return
    if work.github.session.clock.elapsed() - work.seen > _FRESH_SECONDS:
        _look_again(inputs, outcome, work)
        if not work.release.draft:
            return
    outcome.release = work.release = make_public(work.release, inputs, work.github)
    outcome.published = True
    work.say.line(f"{work.release.tag} is public: {work.release.html_url}")
    _take_addresses(outcome, work)


def _sweep(inputs: Inputs, outcome: Outcome, work: Work) -> None:
    """Give up drafts that this run made besides; those of others, when all stands elsewhere."""
    complete = bool(inputs.expect) and outcome.published
    for draft in (whole(one, work.github) for one in work.besides):
        ours = draft.id in outcome.strays
        spare = complete and is_spare(draft, assets_of(work.release, work.github))
        if ours or spare:
            spare = spare or outcome.has_all_taken_back(draft)
            give_up(draft, work.github, work.say, spare=spare)
            outcome.strays = tuple(one for one in outcome.strays if one != draft.id)


def _take_addresses(outcome: Outcome, work: Work) -> None:
    """Note the assets' addresses: those of the draft have died with it."""
    now = {asset.id: asset for asset in work.release.assets}
    ours = [result.asset for result in outcome.results if result.asset is not None]
    if not {asset.id for asset in ours} <= now.keys():
        now = {asset.id: asset for asset in work.github.list_assets(work.release.id)}
    for asset in ours:
        if asset.id not in now:  # GitHub does not show it yet
            address = public_address(work.release, asset)
            now[asset.id] = replace(asset, browser_download_url=address)
    outcome.public = now
