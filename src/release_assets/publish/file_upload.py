"""One file on its way to the release: send, verify, swap; after a failure, plan again."""

from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace

from release_assets.errors import ReleaseAssetsError
from release_assets.files import FileChangedError, hash_file
from release_assets.github import (
    NameTakenError,
    NotFoundError,
    NotWritableError,
    PermissionDeniedError,
    TransientError,
    download_digest,
)
from release_assets.models import Asset, Result
from release_assets.plan import (
    BackUp,
    Change,
    Delete,
    Keep,
    KnownDigests,
    Refuse,
    Relabel,
    RemoteAssets,
    Replace,
    Send,
    Step,
    Upload,
    assets_to_read,
    calls_of,
    cleared,
    files_to_hash,
    kept,
    needs_no_content,
    status_of,
    step_for,
    with_digests,
)
from release_assets.publish.context import UploadContext
from release_assets.publish.send import discard, send

_RETRYABLE = (TransientError, NameTakenError, NotFoundError)


class FileUpload:
    """One file on its way to the release: its step, and what its attempts have done so far."""

    def __init__(self, step: Step, context: UploadContext) -> None:
        self._step = step
        self._context = context
        self._github = context.github
        self._clock = context.github.session.clock
        self._file = step.file
        self._digest = context.digests.get(step.file.name)  # of the file
        self._began = self._clock.elapsed()
        self._status = status_of(step)
        self._changed = False  # whether a request may have changed the release
        self._unconfirmed = False  # whether a request may have been done without an answer
        self._sent_unconfirmed = False  # whether that may be an upload where nothing was before
        self._was_not_writable = False
        self._corrupt: set[int] = set()  # ids of what this run uploaded, and is wrong
        self._leftover: ReleaseAssetsError | None = None  # why leftovers could not be deleted

    def run(self) -> Result:
        """Perform the step, with retries."""
        asset: Asset | None = None
        try:
            asset = self._until_done()
            error = self._leftover
        except ReleaseAssetsError as problem:
            error = problem
        self._rely_on([] if asset is None else [asset])
        return Result(
            file=self._file,
            status="failed" if asset is None else self._status,
            asset=asset,
            digest=self._digest,
            seconds=self._clock.elapsed() - self._began,
            error=error,
            changed=self._changed,
        )

    def _until_done(self) -> Asset:
        """Return the asset; after a failure, refresh what the release holds and plan again.

        Raises: ReleaseAssetsError, once no attempt is left and a last refresh finds no more.
        """
        try:
            return self._github.session.retry(self._attempt, self._file.shown, _RETRYABLE)
        except (*_RETRYABLE, FileChangedError) as problem:
            return self._check_once_more(problem)

    def _attempt(self, number: int) -> Asset:
        if number > 1:
            step = self._plan_again()
            # What an unconfirmed request of ours has done was not there before.
            if not (self._unconfirmed and isinstance(step, Keep | Relabel)):
                self._status = status_of(step)
            self._take(step)
        try:
            return self._perform()
        except TransientError:
            self._unconfirmed = True
            self._sent_unconfirmed = self._sent_unconfirmed or isinstance(self._step, Upload)
            raise

    def _plan_again(self) -> Step:
        """Refresh what the release holds, and decide anew.

        Raises: ReleaseAssetsError.
        """
        context, file = self._context, self._file
        assets = self._without_corrupt(context.listing.get())
        if self._digest is None and files_to_hash([file], assets, overwrite=context.overwrite):
            self._digest = hash_file(file)
        # What an unconfirmed upload of ours left is read whatever `verify` says: most likely its
        # content is the right one.
        every = context.read_back or self._sent_unconfirmed
        remote = {
            asset.id: download_digest(asset, self._github, self._digest)
            for asset in assets_to_read([file], assets, every=every)
        }
        local = {file.name: self._digest} if self._digest else {}
        state = RemoteAssets(assets, context.files).state_of(file)
        known = KnownDigests(local=local, remote=remote)
        step = step_for(file, state, overwrite=context.overwrite, known=known)
        return with_digests(step, remote)

    def _without_corrupt(self, assets: Sequence[Asset]) -> list[Asset]:
        """Return the assets without those that this run has uploaded wrong, and delete these.

        They were to be deleted before, when GitHub did not list them yet.
        """
        for asset in assets:
            if asset.id in self._corrupt:
                self._delete(asset)
        return [asset for asset in assets if asset.id not in self._corrupt]

    def _take(self, step: Step) -> None:
        self._step = step
        self._rely_on(kept(step))

    def _check_once_more(self, problem: ReleaseAssetsError) -> Asset:
        """Return the asset if it is there although the last attempt failed; delete leftovers.

        Raises: the problem, when it is not there.
        """
        if isinstance(problem, TransientError) and problem.wait_seconds is None:
            raise problem  # GitHub wants no request for long
        is_final = isinstance(problem, TransientError) and problem.final
        try:
            step = self._plan_again()
            if needs_no_content(step) and not (is_final or isinstance(problem, FileChangedError)):
                self._take(step)
                return self._perform()
        except ReleaseAssetsError:
            raise problem from None
        try:
            for asset in cleared(step):
                if isinstance(step, Keep) or asset.is_starter:
                    self._delete(asset)
        except ReleaseAssetsError as error:
            self._leftover = error
        if not isinstance(step, Keep):
            raise problem
        return step.asset

    def _perform(self) -> Asset:
        """Perform the calls of the step, in their order, and return the asset.

        Raises: ReleaseAssetsError.
        """
        step = self._step
        if isinstance(step, Refuse):
            raise step.error
        with self._context.swaps if isinstance(step, Replace) else nullcontext():
            return self._perform_calls(step)

    def _perform_calls(self, step: Step) -> Asset:
        current = next(iter(kept(step)), None)
        with ExitStack() as uninterrupted:
            for call in calls_of(step, self._digest):
                match call:
                    case Delete(asset=asset):
                        is_last = isinstance(step, Upload) and not asset.is_starter
                        self._delete(asset, current if is_last else None)
                        self._context.reporter.debug(f"deleted {asset.name}, which is not needed")
                    case Send(name=name):
                        current = self._send(name, is_swap=isinstance(step, Replace))
                        self._rely_on([current])
                    case BackUp(asset=asset, name=name):
                        self._begin_swap(uninterrupted)
                        self._change(asset, name, None)
                    case Change(name=name, label=label):
                        if isinstance(step, Replace):
                            self._begin_swap(uninterrupted)
                        current = self._change_or_roll_back(step, current, name, label)
                        self._rely_on([current])
        if current is None:
            raise AssertionError(f"{type(step).__name__} leaves no asset")
        return current

    def _begin_swap(self, uninterrupted: ExitStack) -> None:
        """Let this thread finish the swap, also when the run is cancelled from now on.

        Raises: CancelledRunError when it is cancelled already.
        """
        stop = self._github.session.stop
        stop.check()
        uninterrupted.enter_context(stop.finishing())

    def _change_or_roll_back(
        self, step: Step, asset: Asset | None, name: str | None, label: str | None
    ) -> Asset:
        if asset is None:
            raise AssertionError("there is no asset to change")
        try:
            return self._change(asset, name, label)
        except NameTakenError:
            raise  # somebody uploaded another meanwhile: plan again, the old one keeps its backup name
        except ReleaseAssetsError:
            if isinstance(step, Replace) and step.old is not None and name is not None:
                self._roll_back(step.old, name)
            raise

    def _roll_back(self, old: Asset, name: str) -> None:
        """Give the old asset its name back."""
        try:
            self._change(old, name, None)
        except NameTakenError:
            return  # the new one has it after all: its rename was done, and the answer lost
        except ReleaseAssetsError as error:
            self._context.reporter.warning(
                "Swap not undone",
                f"the old `{name}` is on the release under another name ({error.what}). To fix: "
                "run again, which gives it its name back",
            )

    def _send(self, name: str, *, is_swap: bool) -> Asset:
        """Upload the file, and return the asset once it is verified.

        Raises: ReleaseAssetsError.
        """
        context, file = self._context, self._file

        def moved(count: int) -> None:
            if not count:
                self._began = self._clock.elapsed()
            context.reporter.moved(file.name, count, file.size)

        def uploaded(asset: Asset) -> None:
            self._changed = True
            context.known_ids.add(asset.id)

        try:
            sent = send(
                file,
                name,
                context,
                expected=self._digest,
                read_back=context.read_back or is_swap,
                moved=moved,
                uploaded=uploaded,
            )
        except NotWritableError as error:
            # The release was just there: GitHub may lag behind itself once, but not twice.
            if self._was_not_writable:
                raise PermissionDeniedError(
                    error.what, where=error.where, fix=error.fix, status=error.status
                ) from error
            self._was_not_writable = True
            raise
        except (TransientError, FileChangedError):
            self._changed = True
            raise
        if sent.fault is not None:
            if sent.asset.is_complete or sent.asset.is_starter:  # else nobody knows what it becomes
                self._corrupt.add(sent.asset.id)
                discard(sent.asset, context)
            raise sent.fault
        self._digest = self._digest or sent.digest
        return sent.asset

    def _change(self, asset: Asset, name: str | None, label: str | None) -> Asset:
        try:
            changed = self._github.update_asset(asset, name=name, label=label)
        except TransientError:
            self._changed = True
            raise
        self._changed = True
        return replace(changed, digest=changed.digest or asset.digest)

    def _delete(self, asset: Asset, successor: Asset | None = None) -> None:
        try:
            self._context.delete(asset, successor)
        except TransientError:
            self._changed = True
            raise
        self._changed = True

    def _rely_on(self, assets: Sequence[Asset]) -> None:
        self._context.guard.rely_on(self._file.name, assets)
