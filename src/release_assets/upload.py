"""One asset out: send, verify, swap; after a failure, look and plan again."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from release_assets import plan
from release_assets.content import hash_file
from release_assets.errors import FileChangedError, NotBegunError, ReleaseAssetsError
from release_assets.github.errors import (
    BadCredentialsError,
    LockedError,
    NameTakenError,
    NotFoundError,
    PermissionDeniedError,
    TransientError,
)
from release_assets.models import Asset, LocalFile, Result, ResultName
from release_assets.names import backup_name, marked, staging_name
from release_assets.plan import Keep, Refuse, Relabel, Replace, Restore, Skip
from release_assets.read_back import download_digest
from release_assets.report import result_line
from release_assets.send import send
from release_assets.standing import Places
from release_assets.work import Work

HOPELESS = (BadCredentialsError, PermissionDeniedError, LockedError)
"""After one of these no other file can fare better."""


def perform_all(steps: Sequence[plan.Step], work: Work, done: dict[int, Result]) -> None:
    """Perform steps side by side, the largest uploads first, and tell each when it stands.

    done: filled in with what each step came to, by its number.
    """

    def one(number: int) -> None:
        result = perform(steps[number], work)
        done[number] = result
        work.say.line(result_line(result))

    def size(number: int) -> int:
        step = steps[number]
        return step.file.size if isinstance(step, plan.Upload | Replace) else 0

    order = sorted(range(len(steps)), key=size, reverse=True)
    threads = min(work.github.session.pacer.most, len(order)) or 1
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(one, order):
            pass


def perform(step: plan.Step, work: Work) -> Result:
    """Do what a step says until it stands, and return what became of the file.

    Never raises a ReleaseAssetsError: a failure is a result too, so that the others go on.
    """
    clock = work.github.session.clock
    began = clock.elapsed()
    changed = False
    if work.hopeless.is_set():
        found = _Stands("failed", None, NotBegunError(step.file.shown))
    else:
        try:
            found = _until_it_stands(step, work)
            changed = plan.writes(step)
        except ReleaseAssetsError as problem:
            found = _Stands("failed", None, problem)
            changed = plan.writes(step) and work.github.session.may_have_written
            if isinstance(problem, HOPELESS):
                work.hopeless.set()
    return Result(
        file=step.file,
        name=found.name,
        asset=found.asset,
        digest=work.digests.get(step.file.name),
        seconds=clock.elapsed() - work.began.get(step.file.name, began),
        error=found.error,
        changed=changed,
    )


class _Stands(NamedTuple):
    """What became of a file."""

    name: ResultName
    asset: Asset | None
    error: ReleaseAssetsError | None = None  # what is left to do although it stands


def _until_it_stands(step: plan.Step, work: Work) -> _Stands:
    """Do what a step says; after a failure look what became of it, and plan again.

    Raises: ReleaseAssetsError, once nothing more is worth a try and a last look finds no more.
    """
    session = work.github.session
    intent = _intent(step)
    unclear = False  # whether a try of ours may have left the asset that stands in the end
    sent = False  # whether one may, where nothing stood before it
    for attempt in range(1, session.max_attempts + 1):
        try:
            return _Stands(intent, _once(step, work))
        except (TransientError, NameTakenError, NotFoundError, FileChangedError) as problem:
            unclear = unclear or isinstance(problem, TransientError)
            sent = sent or (unclear and isinstance(step, plan.Upload))
            is_last = attempt == session.max_attempts or not _may_pass(problem)
            if is_last or isinstance(problem, FileChangedError):
                return _last_look(step, intent, problem, work, sent=sent)
            session.wait_to_look(problem, step.file.shown, attempt)
        step = look_again(step.file, work, sent=sent)
        if isinstance(step, Refuse):
            raise step.error
        if not (unclear and isinstance(step, Keep | Relabel)):
            intent = _intent(step)
    raise AssertionError("max_attempts is at least 1")


def _may_pass(problem: ReleaseAssetsError) -> bool:
    """Say whether another try makes sense."""
    return not isinstance(problem, TransientError) or (
        not problem.final and problem.wait_seconds is not None
    )


def _last_look(
    step: plan.Step, intent: ResultName, problem: ReleaseAssetsError, work: Work, *, sent: bool
) -> _Stands:
    """Return what stands although the last try failed, and clear away what it left of nothing.

    Raises: the problem, when the bytes do not stand.
    """
    if isinstance(problem, TransientError) and problem.wait_seconds is None:
        raise problem  # GitHub wants to hear nothing for long
    try:
        found = look_again(step.file, work, sent=sent)
        if _may_pass(problem) and _needs_no_bytes(found):
            return _Stands(intent, _once(found, work))
    except ReleaseAssetsError:
        raise problem from None
    left: ReleaseAssetsError | None = None
    try:
        _clear(_husks(found) if not isinstance(found, Keep) else found.clear, work)
    except ReleaseAssetsError as error:
        left = error
    if not isinstance(found, Keep):
        raise problem
    return _Stands(intent, found.asset, left)


def _needs_no_bytes(step: plan.Step) -> bool:
    return isinstance(step, Relabel | Restore) or (
        isinstance(step, Replace) and step.staged is not None
    )


def _husks(step: plan.Step) -> tuple[Asset, ...]:
    """Return what never held anything of that which a step clears away."""
    clear = () if isinstance(step, Skip | Refuse) else step.clear
    return tuple(asset for asset in clear if asset.is_husk)


def _intent(step: plan.Step) -> ResultName:
    match step:
        case Keep() | Relabel():
            return "unchanged"
        case Skip():
            return "skipped"
        case Replace() | Restore():
            return "replaced"
        case _:
            return "uploaded"


def look_again(file: LocalFile, work: Work, *, sent: bool = False) -> plan.Step:
    """Return what to do with a file, going by what the release holds now.

    sent: whether this run may have put there what bears its name. Then its bytes are read where
    GitHub tells no digest, whatever `verify` says: they are most likely the right ones.
    """
    assets = _unspoiled(work.looks.now(), work)
    for needed in plan.files_to_hash([file], assets, overwrite=work.overwrite):
        if needed.name not in work.digests:
            work.digests[needed.name] = hash_file(needed)
    remote: dict[int, str] = {}
    if work.download_to_verify or sent:
        remote = {
            asset.id: download_digest(asset, work.github, work.digests.get(file.name))
            for asset in plan.assets_to_read([file], assets)
        }
    there = Places(assets, work.files).standing(file)
    return plan.step_for(file, there, overwrite=work.overwrite, known=work.known(remote))


def _unspoiled(assets: Sequence[Asset], work: Work) -> Sequence[Asset]:
    """Return the assets without those that this run has put there and are wrong, and delete these.

    They were deleted before, at a time when GitHub did not know them yet.
    """
    for asset in assets:
        if asset.id in work.spoiled:
            work.delete(asset)
    return [asset for asset in assets if asset.id not in work.spoiled]


def _clear(assets: Sequence[Asset], work: Work) -> None:
    for asset in assets:
        work.delete(asset)
        work.say.debug(f"deleted {asset.name}, left by a run that failed")


def _once(step: plan.Step, work: Work) -> Asset:
    github = work.github
    if isinstance(step, plan.Upload):
        _clear(_husks(step), work)
        asset = send(step.file, step.file.name, work)
        # Perhaps the last that there was: not before there is another.
        _clear([old for old in step.clear if not old.is_husk], work)
        return asset
    if not isinstance(step, Skip | Refuse):
        _clear(step.clear, work)
    match step:
        case Keep(asset=asset) | Skip(asset=asset):
            return asset
        case Relabel(file=file, asset=asset):
            return github.update_asset(asset.id, label=file.label)
        case Restore(asset=asset):
            return github.update_asset(asset.id, name=plan.final_name(step), label=step.file.label)
        case Replace():
            with work.swaps:
                return _swap(step, work)
        case Refuse(error=error):
            raise error


def _swap(step: Replace, work: Work) -> Asset:
    """Replace an asset in four calls, so that old or new bytes are there at every moment."""
    github, file, old = work.github, step.file, step.old
    final = plan.final_name(step)
    digest = work.digests[file.name]
    staged = step.staged or send(file, staging_name(final, digest), work)
    github.session.stop.check()
    with github.session.stop.finishing():
        if old is not None and marked(old.name) is None:
            github.update_asset(old.id, name=backup_name(final, digest))
        try:
            # What an earlier run sent aside may bear an earlier label.
            label = file.label if step.staged else None
            new = github.update_asset(staged.id, name=final, label=label)
        except NameTakenError:
            raise  # somebody put another there meanwhile: look again, the old one stays aside
        except ReleaseAssetsError:
            if old is not None:
                _put_back(old, final, work)
            raise
        if old is not None:
            work.delete(old)
    return new


def _put_back(old: Asset, final: str, work: Work) -> None:
    try:
        work.github.update_asset(old.id, name=final)
    except NameTakenError:
        return  # the new one bears it after all: its rename went through unheard
    except ReleaseAssetsError as error:
        work.say.warning(
            "Swap not undone",
            f"the old `{final}` is on the release under another name ({error.what}); "
            "run again to give it its name back",
        )
