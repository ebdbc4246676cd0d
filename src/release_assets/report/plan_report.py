"""A plan -> log lines, and the output `plan` as JSON. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping

from release_assets import text
from release_assets.plan import (
    INPUT_OF_FIELD,
    Cost,
    CreateRelease,
    EditRelease,
    Keep,
    KeepRelease,
    Plan,
    PublishRelease,
    Refuse,
    Relabel,
    ReleasePlan,
    ReleaseStep,
    Replace,
    Restore,
    Skip,
    Step,
    Upload,
)
from release_assets.report.outcome import Outcome

_ACTIONS: Mapping[type[Step], str] = {
    Upload: "upload",
    Keep: "keep",
    Relabel: "relabel",
    Replace: "replace",
    Restore: "restore",
    Skip: "skip",
    Refuse: "refuse",
}
_RELEASE_ACTIONS: Mapping[type[ReleaseStep], str] = {
    CreateRelease: "create",
    EditRelease: "edit",
    PublishRelease: "publish",
    KeepRelease: "keep",
}
_ACTION_TOTALS: Mapping[str, str] = {
    "upload": "to upload",
    "keep": "unchanged",
    "relabel": "to relabel",
    "replace": "to replace",
    "restore": "to restore",
    "skip": "to skip",
    "refuse": "refused",
}


def action_of(step: Step) -> str:
    """Return the word for what a step does."""
    return _ACTIONS[type(step)]


def release_action(plan: ReleasePlan) -> str:
    """Return the word for the action on the release itself."""
    return _RELEASE_ACTIONS[type(plan.step)]


def release_line(plan: ReleasePlan) -> str:
    """Return a line about the release itself: `create v1 as a draft, publish it at the end`."""
    step = plan.step
    inputs = text.shortened_list([f"`{name}`" for name in changed_inputs(plan)])
    match step:
        case CreateRelease(tag=tag, publishes=publishes):
            return f"create {tag} as a draft" + (", publish it at the end" if publishes else "")
        case EditRelease(release=release, publishes=publishes):
            then = ", publish it once the set is complete" if publishes else ""
            return f"edit {release.tag}: {inputs}{then}"
        case PublishRelease(release=release):
            return f"publish the draft {release.tag}" + (f", with {inputs}" if inputs else "")
        case _:  # KeepRelease
            release = step.release
            return f"keep {release.tag}{', a draft' if release.draft else ''}"


def changed_inputs(plan: ReleasePlan) -> tuple[str, ...]:
    """Return the inputs that change the release itself."""
    return tuple(INPUT_OF_FIELD[name] for name in plan.fields if name in INPUT_OF_FIELD)


def plan_lines(plan: Plan, release_plan: ReleasePlan | None = None) -> Iterator[str]:
    """Yield a line for the release, for each step, and for each asset that will be deleted."""
    if release_plan is not None and not isinstance(release_plan.step, KeepRelease):
        yield f"release: {release_line(release_plan)}"
    rows = [
        (
            action_of(step),
            step.file.name,
            text.size(step.file.size),
            f"from {step.file.shown}" if step.file.shown != step.file.name else "",
        )
        for step in plan.steps
    ]
    rows += [("prune", asset.name, text.size(asset.size), "") for asset in plan.prune]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for action, name, size, origin in rows:
        line = f"{action:{widths[0]}}  {name:{widths[1]}}  {size:>{widths[2]}}  {origin}"
        yield line.rstrip()


def plan_total(plan: Plan, release_plan: ReleasePlan | None = None) -> str:
    """Return a line that sums up the plan."""
    counts = Counter(action_of(step) for step in plan.steps)
    parts = [f"{count} {_ACTION_TOTALS[action]}" for action, count in counts.items()]
    if plan.prune:
        parts.append(f"{len(plan.prune)} to delete")
    if not parts and release_plan is not None and release_plan.writes:
        return release_line(release_plan)
    return ", ".join(parts) or "nothing to do"


def cost_line(cost: Cost) -> str:
    """Return a line about the cost of a run that is no dry run."""
    if not cost.calls:
        return "A real run would find nothing to do"
    calls = text.count(cost.calls, "more call")
    line = f"A real run would send {text.size(cost.size)} and make {calls} than this one"
    if cost.uploads:
        line += f" ({cost.points:,} for the rate limit, which counts an upload twice)"
    return line


def plan_document(outcome: Outcome) -> dict[str, object]:
    """Return the output `plan`."""
    plan = outcome.plan or Plan(steps=())
    cost = outcome.cost or Cost()
    release_plan = outcome.release_plan
    refusals = (*plan.refusals, *(release_plan.refusals if release_plan else ()))
    return {
        "release": _release_document(release_plan),
        "steps": [_step_document(step) for step in plan.steps],
        "prune": [asset.name for asset in plan.prune],
        "refusals": [str(error) for error in refusals],
        "cost": {"calls": cost.calls, "points": cost.points, "bytes": cost.size},
    }


def _release_document(release_plan: ReleasePlan | None) -> dict[str, object]:
    return {
        "action": release_action(release_plan) if release_plan else None,
        "fields": list(changed_inputs(release_plan)) if release_plan else [],
        "publish": release_plan.publishes if release_plan else False,
    }


def _step_document(step: Step) -> dict[str, object]:
    return {
        "action": action_of(step),
        "name": step.file.name,
        "path": step.file.shown,
        "size": step.file.size,
    }
