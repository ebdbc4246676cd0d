"""Downloads assets to the disk, and resumes an interrupted download."""

from release_assets.download.disk import check_free_space, create_directory, plan_downloads
from release_assets.download.plan import DownloadStep, Fetch, NameRules, Refuse, bad_name_errors
from release_assets.download.result import DownloadResult
from release_assets.download.run import fetch_all, fetch_to_stream

__all__ = [
    "DownloadResult",
    "DownloadStep",
    "Fetch",
    "NameRules",
    "Refuse",
    "bad_name_errors",
    "check_free_space",
    "create_directory",
    "fetch_all",
    "fetch_to_stream",
    "plan_downloads",
]
