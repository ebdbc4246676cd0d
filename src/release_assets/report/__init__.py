"""Events of a run -> its outcome -> log lines, outputs, annotations."""

from release_assets.report.current_assets import CurrentAssets
from release_assets.report.events import (
    AssetsRead,
    Created,
    Edited,
    Ended,
    Failed,
    FileDone,
    ListDone,
    Planned,
    Pruned,
    Published,
    ReleaseRead,
    Restarted,
    SetMissing,
    Started,
    WarningGiven,
)
from release_assets.report.journal import Journal
from release_assets.report.outcome import Outcome, exit_code
from release_assets.report.plan_report import (
    action_of,
    cost_line,
    plan_document,
    plan_lines,
    plan_total,
    release_line,
)
from release_assets.report.progress import ProgressLines
from release_assets.report.run_report import (
    annotation,
    asset_digests,
    is_annotation_cut,
    result_line,
    status_word,
    step_outputs,
    totals_line,
)

__all__ = [
    "AssetsRead",
    "Created",
    "CurrentAssets",
    "Edited",
    "Ended",
    "Failed",
    "FileDone",
    "Journal",
    "ListDone",
    "Outcome",
    "Planned",
    "ProgressLines",
    "Pruned",
    "Published",
    "ReleaseRead",
    "Restarted",
    "SetMissing",
    "Started",
    "WarningGiven",
    "action_of",
    "annotation",
    "asset_digests",
    "cost_line",
    "exit_code",
    "is_annotation_cut",
    "plan_document",
    "plan_lines",
    "plan_total",
    "release_line",
    "result_line",
    "status_word",
    "step_outputs",
    "totals_line",
]
