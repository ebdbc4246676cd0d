"""Performs the API calls of one step: upload, back up, rename, delete, and roll back."""

from collections.abc import Sequence
from contextlib import ExitStack, nullcontext

from release_assets.errors import ReleaseAssetsError
from release_assets.files import FileChangedError
from release_assets.github import (
    NameTakenError,
    NotWritableError,
    PermissionDeniedError,
    TransientError,
)
from release_assets.light_dataclasses import replace
from release_assets.models import Asset, LocalFile
from release_assets.plan import (
    BackUp,
    Change,
    Delete,
    Refuse,
    Replace,
    Send,
    Step,
    Upload,
    assets_kept_by,
    calls_of,
)
from release_assets.publish.send import FileToSend, Sent, discard, send
from release_assets.publish.upload_context import UploadContext
from release_assets.wording import words


class StepPerformer:
    """Performs the steps of one file, and records what they changed on the release."""

    def __init__(self, file: LocalFile, context: UploadContext) -> None:
        self._file = file
        self._context = context
        self._github = context.github
        self._clock = context.github.session.clock
        self._was_not_writable = False
        self.digest = context.digests.get(file.name)  # of the file; None: not known yet
        self.started = self._clock.elapsed()  # when the last attempt sent its first byte
        self.changed = False  # whether a request may have changed the release
        self.corrupt: set[int] = set()  # ids of assets that this run uploaded with wrong content

    def perform(self, step: Step) -> Asset:
        """Perform the calls of a step in order, and return the asset.

        Raises: ReleaseAssetsError.
        """
        if isinstance(step, Refuse):
            raise step.error
        with self._context.swaps if isinstance(step, Replace) else nullcontext():
            return self._perform_calls(step)

    def delete(self, asset: Asset, successor: Asset | None = None) -> None:
        """Delete an asset; `successor` must still be on the release, if it is given.

        Raises: UnsafePlanError, GitHubError.
        """
        try:
            self._context.delete(asset, successor)
        except TransientError:
            self.changed = True
            raise
        self.changed = True

    def protect(self, assets: Sequence[Asset]) -> None:
        """Protect these assets from deletion, instead of those before."""
        self._context.guard.protect(self._file.name, assets)

    def _perform_calls(self, step: Step) -> Asset:
        current = next(iter(assets_kept_by(step)), None)
        with ExitStack() as uninterrupted:
            for call in calls_of(step, self.digest):
                match call:
                    case Delete(asset=asset):
                        is_last = isinstance(step, Upload) and not asset.is_starter
                        self.delete(asset, current if is_last else None)
                        self._context.reporter.debug(f"deleted {asset.name}, which is not needed")
                    case Send(name=name):
                        current = self._upload(name, is_swap=isinstance(step, Replace))
                        self.protect([current])
                    case BackUp(asset=asset, name=name):
                        self._begin_swap(uninterrupted)
                        self._update(asset, name, None)
                    case Change(name=name, label=label):
                        if isinstance(step, Replace):
                            self._begin_swap(uninterrupted)
                        current = self._update_or_roll_back(step, current, name, label)
                        self.protect([current])
        if current is None:
            raise AssertionError(f"{type(step).__name__} leaves no asset")
        return current

    def _begin_swap(self, uninterrupted: ExitStack) -> None:
        """Let this thread finish the swap even if the run is cancelled from now on.

        Raises: CancelledRunError when the run is cancelled already.
        """
        stop = self._github.session.stop
        stop.check()
        uninterrupted.enter_context(stop.grace_period())

    def _update_or_roll_back(
        self, step: Step, asset: Asset | None, name: str | None, label: str | None
    ) -> Asset:
        if asset is None:
            raise AssertionError("there is no asset to change")
        try:
            return self._update(asset, name, label)
        except NameTakenError:
            raise  # another job uploaded under this name: the backup stays until the replan
        except ReleaseAssetsError:
            if isinstance(step, Replace) and step.old is not None and name is not None:
                self._roll_back(step.old, name)
            raise

    def _roll_back(self, old: Asset, name: str) -> None:
        """Rename the old asset back to its final name."""
        try:
            self._update(old, name, None)
        except NameTakenError:
            return  # the new asset has the name: its rename succeeded, the response was lost
        except ReleaseAssetsError as error:
            self._context.reporter.warning(
                "Swap not undone",
                words(
                    "the old `{}` is on the release under another name, so downloads of it answer "
                    "404 ({}). To fix: {RUN_AGAIN} soon; it gives the asset its name back",
                    name,
                    error.what,
                ),
            )

    def _upload(self, name: str, *, is_swap: bool) -> Asset:
        """Upload the file, and return the asset once it is verified.

        Raises: ReleaseAssetsError.
        """
        try:
            sent = self._send(name, is_swap=is_swap)
        except NotWritableError as error:
            self._check_permission(error)
            raise
        except (TransientError, FileChangedError):
            self.changed = True
            raise
        if sent.error is not None:
            self._discard_corrupt(sent.asset)
            raise sent.error
        self.digest = self.digest or sent.digest
        return sent.asset

    def _check_permission(self, error: NotWritableError) -> None:
        """Return the first time: the release was readable, and GitHub may lag once, but not twice.

        Raises: PermissionDeniedError.
        """
        if self._was_not_writable:
            raise PermissionDeniedError(
                error.what, where=error.where, fix=error.fix, status=error.status
            ) from error
        self._was_not_writable = True

    def _discard_corrupt(self, asset: Asset) -> None:
        # In any other state the upload may still become complete.
        if asset.is_complete or asset.is_starter:
            self.corrupt.add(asset.id)
            discard(asset, self._context)

    def _send(self, name: str, *, is_swap: bool) -> Sent:
        to_send = FileToSend(
            file=self._file,
            name=name,
            expected=self.digest,
            read_back=self._context.verify_by_download or is_swap,
            moved=self._report_moved,
            uploaded=self._record_upload,
        )
        return send(to_send, self._context)

    def _report_moved(self, count: int) -> None:
        if not count:
            self.started = self._clock.elapsed()
        self._context.reporter.moved(self._file.name, count, self._file.size)

    def _record_upload(self, asset: Asset) -> None:
        self.changed = True
        self._context.known_ids.add(asset.id)

    def _update(self, asset: Asset, name: str | None, label: str | None) -> Asset:
        try:
            updated = self._github.update_asset(asset, name=name, label=label)
        except TransientError:
            self.changed = True
            raise
        self.changed = True
        return replace(updated, digest=updated.digest or asset.digest)
