"""One asset out: send, verify, swap; after a failure, look and plan again."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256

from release_assets import plan
from release_assets.errors import (
    BadCredentialsError,
    FileChangedError,
    LockedError,
    NameTakenError,
    NotBegunError,
    NotFoundError,
    NotWritableError,
    PermissionDeniedError,
    ReleaseAssetsError,
    TransientError,
    VerificationFailedError,
)
from release_assets.files import hash_file, read_blocks
from release_assets.github.client import GitHub
from release_assets.github.transport import BLOCK
from release_assets.models import Asset, LocalFile, Release, Result, ResultName
from release_assets.names import backup_name, marked, staging_name
from release_assets.plan import Keep, Known, Overwrite, Refuse, Relabel, Replace, Restore, Skip
from release_assets.report import result_line
from release_assets.say import Say
from release_assets.standing import Places
from release_assets.stop import Stop

HOPELESS = (BadCredentialsError, PermissionDeniedError, LockedError)
"""After one of these no other file can fare better."""


class Body:
    """The bytes of a file for an upload: read anew for every try, hashed as they go."""

    def __init__(self, file: LocalFile, stop: Stop) -> None:
        self._file = file
        self._stop = stop
        self.digest: str | None = None  # once all bytes were read

    def __len__(self) -> int:
        return self._file.size

    def __iter__(self) -> Iterator[bytes]:
        self.digest = None
        digest = sha256()
        left = self._file.size
        for block in read_blocks(self._file, BLOCK):
            self._stop.check()
            digest.update(block)
            left -= len(block)
            if not left:
                self.digest = f"sha256:{digest.hexdigest()}"
            yield block


@dataclass(slots=True, kw_only=True)
class Work:
    """What all uploads of a run share."""

    github: GitHub
    release: Release
    overwrite: Overwrite
    download_to_verify: bool
    say: Say
    digests: dict[str, str]  # asset name -> `sha256:<hex>` of the file, as they become known
    hopeless: threading.Event = field(default_factory=threading.Event)  # nothing new is begun
    swaps: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1_000))

    def known(self, remote: dict[int, str] | None = None) -> Known:
        """Return the digests that are known by now."""
        return Known(local=dict(self.digests), remote=remote or {})


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
    name: ResultName = "failed"
    asset: Asset | None = None
    error: ReleaseAssetsError | None = None
    if work.hopeless.is_set():
        error = NotBegunError(step.file.shown)
    else:
        try:
            name, asset = _until_it_stands(step, work)
        except ReleaseAssetsError as problem:
            error = problem
            if isinstance(problem, HOPELESS):
                work.hopeless.set()
    return Result(
        file=step.file,
        name=name,
        asset=asset,
        digest=work.digests.get(step.file.name),
        seconds=clock.elapsed() - began,
        error=error,
        changed=error is None and plan.writes(step),
    )


def _until_it_stands(step: plan.Step, work: Work) -> tuple[ResultName, Asset]:
    session = work.github.session
    intent = _intent(step)
    unclear = False  # whether a try of ours may have left the asset that stands in the end
    for attempt in range(1, session.max_attempts + 1):
        try:
            return intent, _once(step, work)
        except (TransientError, NameTakenError, NotFoundError) as problem:
            last = attempt == session.max_attempts
            if last or (isinstance(problem, TransientError) and problem.wait_seconds is None):
                raise
            unclear = unclear or isinstance(problem, TransientError)
            session.wait_to_look(problem, step.file.shown, attempt)
        step = look_again(step.file, work)
        if isinstance(step, Refuse):
            raise step.error
        if not (unclear and isinstance(step, Keep | Relabel)):
            intent = _intent(step)
    raise AssertionError("max_attempts is at least 1")


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


def look_again(file: LocalFile, work: Work) -> plan.Step:
    """Return what to do with a file, going by what the release holds now."""
    assets = work.github.list_assets(work.release.id)
    for needed in plan.files_to_hash([file], assets, overwrite=work.overwrite):
        if needed.name not in work.digests:
            work.digests[needed.name] = hash_file(needed)
    remote: dict[int, str] = {}
    if work.download_to_verify:
        remote = {
            asset.id: download_digest(asset, work.github)
            for asset in plan.assets_to_read([file], assets)
        }
    there = Places(assets).standing(file)
    return plan.step_for(file, there, overwrite=work.overwrite, known=work.known(remote))


def download_digest(asset: Asset, github: GitHub) -> str:
    """Return the digest of an asset's bytes as GitHub hands them out, `sha256:<hex>`."""
    digest = sha256()
    size = 0
    for block in github.download_asset(asset.id):
        digest.update(block)
        size += len(block)
    if size != asset.size:
        raise VerificationFailedError(
            f"the download of `{asset.name}` has {size} bytes instead of {asset.size}",
            fix="run the job again",
        )
    return f"sha256:{digest.hexdigest()}"


def _once(step: plan.Step, work: Work) -> Asset:
    github = work.github
    if not isinstance(step, Skip | Refuse):
        for asset in step.clear:
            github.delete_asset(asset.id)
            work.say.debug(f"deleted {asset.name}, left by a run that failed")
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
        case plan.Upload(file=file):
            return _send(file, file.name, work)


def _swap(step: Replace, work: Work) -> Asset:
    """Replace an asset in four calls, so that old or new bytes are there at every moment."""
    github, file, old = work.github, step.file, step.old
    final = plan.final_name(step)
    digest = work.digests[file.name]
    staged = step.staged or _send(file, staging_name(final, digest), work)
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
            github.delete_asset(old.id)
    return new


def _put_back(old: Asset, final: str, work: Work) -> None:
    try:
        work.github.update_asset(old.id, name=final)
    except ReleaseAssetsError as error:
        work.say.warning(
            "Swap not undone",
            f"the old `{final}` is on the release under another name ({error.what}); "
            "run again to give it its name back",
        )


def _send(file: LocalFile, name: str, work: Work) -> Asset:
    """Upload under a name and verify what arrived; what is wrong is deleted at once."""
    body = Body(file, work.github.session.stop)
    try:
        with work.github.session.pacer.turn():
            asset = work.github.upload_asset(
                work.release, name=name, label=file.label, content_type=file.content_type, body=body
            )
    except NotWritableError as error:
        # Not a matter of looking again: the release was just there.
        raise PermissionDeniedError(
            error.what, where=error.where, fix=error.fix, status=error.status
        ) from error
    known = work.digests.get(file.name)
    if body.digest is not None and known is not None and body.digest != known:
        work.github.delete_asset(asset.id)
        raise FileChangedError(file.shown)
    if body.digest is not None:
        work.digests[file.name] = body.digest
    wrong = _wrong(asset, body.digest, file, work)
    if wrong:
        work.github.delete_asset(asset.id)
        raise VerificationFailedError(
            f"{file.shown} did not arrive whole: {wrong}",
            where=asset.name,
            fix="run the job again; nothing wrong was left on the release",
        )
    return asset


def _wrong(asset: Asset, digest: str | None, file: LocalFile, work: Work) -> str:
    """Return what is wrong with an upload, nothing when all that can be compared agrees."""
    if not asset.is_complete:
        return f"its state is {asset.state!r}"
    if asset.size != file.size:
        return f"{asset.size} bytes of {file.size}"
    there = asset.digest
    if there is None and work.download_to_verify:
        there = download_digest(asset, work.github)
    if there is not None and there != digest:
        return f"its digest is {there}, not {digest}"
    return ""
