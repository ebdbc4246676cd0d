"""The outcome of a run -> the job summary on the page of the workflow run, in Markdown. Pure."""

from release_assets.summary.document import job_summary

__all__ = ["job_summary"]
