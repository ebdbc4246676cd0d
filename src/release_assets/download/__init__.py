"""Downloads assets to the disk, and resumes an interrupted download."""

from release_assets.download.plan import Fetch, Refuse, System, bad_name_errors
from release_assets.download.run import (
    DownloadResult,
    check_room,
    directory_for,
    fetch_all,
    fetch_to_stream,
    in_order,
    look,
)

__all__ = [
    "DownloadResult",
    "Fetch",
    "Refuse",
    "System",
    "bad_name_errors",
    "check_room",
    "directory_for",
    "fetch_all",
    "fetch_to_stream",
    "in_order",
    "look",
]
