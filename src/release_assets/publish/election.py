"""Runs the leader election: which job finalizes the release once the set is complete."""

from release_assets import text
from release_assets.inputs import Inputs
from release_assets.plan import LAG_SECONDS, newest, takeover_delay
from release_assets.publish.current_release import CurrentRelease
from release_assets.publish.expected_set import repair_and_list_missing
from release_assets.publish.view import Superseded
from release_assets.report import SetMissing
from release_assets.wording import words


def elect_leader(current: CurrentRelease, inputs: Inputs) -> bool | Superseded:
    """Say whether this job is the leader, which finalizes the release for all jobs.

    The leader is the job that uploaded the last asset of the complete set. If it was killed, or
    read an old list of assets, another job takes over after a delay.

    Raises: ReleaseAssetsError.
    """
    names = _refresh_missing(current, inputs)
    if names:
        current.clock.sleep(LAG_SECONDS)
        if superseded := current.refresh():
            return superseded
        names = _refresh_missing(current, inputs)
    if not _is_complete_draft(names, current, inputs):
        return False
    delay = _takeover_delay(current, inputs)
    return _wait_for_leader(delay, current, inputs) if delay else True


def _takeover_delay(current: CurrentRelease, inputs: Inputs) -> float:
    """Return for how many seconds this job waits for the leader; 0 if it is the leader."""
    return takeover_delay(
        [one for one in current.assets() if one.name != inputs.checksums],
        {one.asset.id: one.changed for one in current.outcome.results if one.asset},
        now=current.github.session.server.now(),
        refresh_seconds=current.clock.elapsed() - current.view.read_started,
        chance=current.clock.chance(),
    )


def _wait_for_leader(seconds: float, current: CurrentRelease, inputs: Inputs) -> bool | Superseded:
    """Wait for the leader; then say whether this job must take over from it.

    Raises: ReleaseAssetsError.
    """
    last = newest(current.assets())
    name = last.name if last else ""
    current.reporter.line(f"the set is complete; the job that uploaded {name} publishes it")
    current.clock.sleep(seconds)
    if superseded := current.refresh():
        return superseded
    if not current.release.draft:
        return False
    return _is_complete_draft(_refresh_missing(current, inputs), current, inputs)


def _is_complete_draft(missing: tuple[str, ...], current: CurrentRelease, inputs: Inputs) -> bool:
    """Say whether the release is a draft with the complete set; report what a draft lacks."""
    if missing and current.release.draft:
        _report_missing(missing, current, inputs)
    return current.release.draft and not missing


def _refresh_missing(current: CurrentRelease, inputs: Inputs) -> tuple[str, ...]:
    current.view, names = repair_and_list_missing(
        current.view, inputs, current.uploaded, current.github, current.reporter
    )
    current.journal.append(SetMissing(names=names))
    return names


def _report_missing(names: tuple[str, ...], current: CurrentRelease, inputs: Inputs) -> None:
    if current.view.listed is not None:
        names_there = sorted(asset.name for asset in current.assets())
        current.reporter.line(f"the release has: {text.shortened_list(names_there) or 'no assets'}")
    tag, missing = current.release.tag, text.shortened_list(names)
    message = words("{} stays a draft: {expect} still waits for {}", tag, missing)
    if inputs.publish == "always":
        current.warn(
            "Set not complete",
            words("{}. To fix: run the jobs that upload it, or correct {expect}", message),
        )
    else:
        current.reporter.line(message)
