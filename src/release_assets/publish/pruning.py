"""Prunes a release: deletes the assets that match `prune`, and that no job uploads."""

from collections.abc import Sequence

from release_assets import text
from release_assets.models import Asset
from release_assets.plan import assets_to_prune
from release_assets.publish.current_release import CurrentRelease
from release_assets.publish.decide import Decision
from release_assets.publish.upload_context import UploadContext
from release_assets.report import Pruned
from release_assets.wording import words


class Pruning:
    """The assets that the plan prunes, checked against the release as it is later."""

    def __init__(self, decision: Decision, context: UploadContext, current: CurrentRelease) -> None:
        self._inputs = decision.inputs
        self._plan = decision.plan
        self._context = context
        self._current = current

    def prune(self) -> None:
        """Delete the assets to prune. Raises: ReleaseAssetsError."""
        if not self._plan.prune:
            return
        current = self._current
        for asset in self.still_to_prune(current.github.list_assets(current.release.id)):
            self._context.delete(asset)
            current.is_stale = True
            current.journal.append(Pruned(asset=asset))
            current.reporter.line(f"deleted {asset.name}")
        self._context.deleted.update({asset.id: asset.name for asset in self._plan.prune})

    def still_to_prune(self, assets: Sequence[Asset]) -> tuple[Asset, ...]:
        """Return the assets to prune that no other job has replaced since they were planned."""
        planned = {asset.id: asset.name for asset in self._plan.prune}
        return tuple(one for one in self._prunable(assets) if planned.get(one.id) == one.name)

    def warn_of_unpruned(self, assets: Sequence[Asset]) -> None:
        """Warn of assets that match `prune` and that were not listed when the run started."""
        if not self._plan.steps:
            return  # without any files, every asset would be pruned
        names = [asset.name for asset in self._prunable(assets)]
        if names:
            self._current.warn(
                "Not pruned",
                words(
                    "GitHub did not list these assets when the run began, so they stay although "
                    "they match {prune}: {}. To fix: {RUN_AGAIN} once nothing else uploads to the "
                    "release",
                    text.shortened_list(names),
                ),
            )

    def _prunable(self, assets: Sequence[Asset]) -> tuple[Asset, ...]:
        keep = self._current.outcome.names
        return assets_to_prune(self._inputs.prune, assets, keep=keep, expected=self._inputs.expect)
