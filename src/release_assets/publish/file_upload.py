"""Performs the step of one file with retries; after a failure it refreshes and replans."""

from collections.abc import Sequence

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.files import FileChangedError, hash_file
from release_assets.github import NameTakenError, NotFoundError, TransientError, download_digest
from release_assets.models import Asset, Result
from release_assets.plan import (
    Keep,
    KnownDigests,
    Relabel,
    RemoteAssets,
    Step,
    Upload,
    assets_kept_by,
    assets_to_read,
    files_to_hash,
    is_update,
    obsolete_assets_of,
    plan_step,
    status_of,
    with_digests,
)
from release_assets.publish.step_performer import StepPerformer
from release_assets.publish.upload_context import UploadContext

_RETRYABLE = (TransientError, NameTakenError, NotFoundError)


class FileUpload:
    """The upload of one file: its current step, and what its attempts left unconfirmed."""

    def __init__(self, step: Step, context: UploadContext) -> None:
        self._step = step
        self._context = context
        self._github = context.github
        self._file = step.file
        self._performer = StepPerformer(step.file, context)
        self._status = status_of(step)
        self._unconfirmed = False  # whether the response to a request was lost
        self._upload_unconfirmed = False  # whether that request may have uploaded a new asset
        self._deletion_error: ReleaseAssetsError | None = None  # why leftovers were not deleted

    def run(self) -> Result:
        """Perform the step, with retries."""
        asset: Asset | None = None
        try:
            asset = self._perform_with_retries()
            error = self._deletion_error
        except ReleaseAssetsError as problem:
            error = problem
        performer = self._performer
        performer.protect([] if asset is None else [asset])
        return Result(
            file=self._file,
            status="failed" if asset is None else self._status,
            asset=asset,
            digest=performer.digest,
            seconds=self._github.session.clock.elapsed() - performer.started,
            error=error,
            changed=performer.changed,
        )

    def _perform_with_retries(self) -> Asset:
        """Return the asset; replan before every attempt but the first.

        Raises: ReleaseAssetsError, once no attempt is left and a last refresh shows no asset.
        """
        try:
            return self._github.session.retry(self._attempt, self._file.shown, _RETRYABLE)
        except (*_RETRYABLE, FileChangedError) as problem:
            return self._recover(problem)

    def _attempt(self, number: int) -> Asset:
        if number > 1:
            step = self._replan()
            # After a lost response, an asset that needs no upload may be the one of this run.
            if not (self._unconfirmed and isinstance(step, Keep | Relabel)):
                self._status = status_of(step)
            self._set_step(step)
        try:
            return self._performer.perform(self._step)
        except TransientError:
            self._unconfirmed = True
            self._upload_unconfirmed = self._upload_unconfirmed or isinstance(self._step, Upload)
            raise

    def _replan(self) -> Step:
        """Refresh the assets of the release, and return the step that they require.

        Raises: ReleaseAssetsError.
        """
        context, file, performer = self._context, self._file, self._performer
        assets = self._without_corrupt(context.listing.get())
        if performer.digest is None and files_to_hash([file], assets, overwrite=context.overwrite):
            performer.digest = hash_file(file)
        remote = self._read_digests(assets)
        local = {file.name: performer.digest} if performer.digest else {}
        state = RemoteAssets(assets, context.files).state_of(file)
        known = KnownDigests(local=local, remote=remote)
        step = plan_step(file, state, overwrite=context.overwrite, known=known)
        return with_digests(step, remote)

    def _read_digests(self, assets: Sequence[Asset]) -> dict[int, Digest]:
        """Download the assets whose content the plan depends on; return their digests by id.

        Raises: GitHubError.
        """
        # An unconfirmed upload of this run most likely has the right content. So its asset is
        # read back whatever `verify` says.
        every = self._context.verify_by_download or self._upload_unconfirmed
        return {
            asset.id: download_digest(asset, self._github, self._performer.digest)
            for asset in assets_to_read([self._file], assets, every=every)
        }

    def _without_corrupt(self, assets: Sequence[Asset]) -> list[Asset]:
        """Delete the corrupt uploads of this run that are still listed, and return the others.

        GitHub may not have listed them yet when they were to be deleted.
        """
        corrupt = self._performer.corrupt
        for asset in assets:
            if asset.id in corrupt:
                self._performer.delete(asset)
        return [asset for asset in assets if asset.id not in corrupt]

    def _set_step(self, step: Step) -> None:
        self._step = step
        self._performer.protect(assets_kept_by(step))

    def _recover(self, problem: ReleaseAssetsError) -> Asset:
        """Return the asset if it is there although the last attempt failed; delete leftovers.

        Raises: the problem, when the asset is not there.
        """
        if isinstance(problem, TransientError) and problem.wait_seconds is None:
            raise problem  # GitHub accepts no request for a long time
        is_final = isinstance(problem, TransientError) and problem.final
        try:
            step = self._replan()
            if is_update(step) and not (is_final or isinstance(problem, FileChangedError)):
                self._set_step(step)
                return self._performer.perform(step)
        except ReleaseAssetsError:
            raise problem from None
        self._delete_leftovers(step)
        if not isinstance(step, Keep):
            raise problem
        return step.asset

    def _delete_leftovers(self, step: Step) -> None:
        """Delete the leftovers that no content depends on; record the error if it fails."""
        try:
            for asset in obsolete_assets_of(step):
                if isinstance(step, Keep) or asset.is_starter:
                    self._performer.delete(asset)
        except ReleaseAssetsError as error:
            self._deletion_error = error
