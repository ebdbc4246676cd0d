"""The settings of the sandbox, which can be changed while it runs. Pure."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Rate limits.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """

    enforce: bool = False
    primary: int = 1000  # points an hour, for GITHUB_TOKEN in one repository
    user: int = 5000  # points an hour, for a person's token
    anonymous: int = 60  # points an hour
    window_seconds: float = 3600.0
    content_per_minute: int = 80  # requests that create or change something
    content_per_hour: int = 500
    points_per_minute: int = 900
    concurrent: int = 100
    status: int = 403  # of a refusal; GitHub uses 403 and 429
    retry_after: int | None = 60  # seconds; None: the header is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How GitHub behaves where that is unknown or differs, and what simulations need."""

    lag: float = 0.0  # seconds for which a new object is missing from lists
    lag_requests: int = 0  # number of lists from which a new object is missing
    lag_covers_ids: bool = False  # whether a new asset is also missing by its id
    case_sensitive_names: bool = False  # whether one release may have app.zip and APP.zip
    rename_on_patch: bool = True  # whether PATCH rewrites a name as an upload does
    digests: bool = True  # False: as for assets from before June 2025
    log_bodies: bool = False  # whether the log of requests has the bodies
    keep_bytes: bool = True  # False: large uploads are hashed but not stored, for benchmarks
    largest_asset: int = (
        2_147_483_648  # bytes; the manual has a smaller number than the error message
    )
    most_assets: int = 1000
    most_results: int = 1000
    most_per_page: int = 100  # a small number splits a short list into many pages
    # How many assets a page of releases may have before GitHub exceeds its timeout of 10 seconds:
    # with 850 assets each, 5 releases take 2 seconds, and 30 too long.
    # https://github.com/astral-sh/python-build-standalone/pull/1083
    most_shown: int = 20_000
    # The order of lists, which is not documented: as "made" (releases: by the date of the commit,
    # newest first), by "id", by "id-desc", or by "name" (releases: by tag).
    list_order: str = "made"
    # Whether a draft that a PATCH publishes without `tag_name` keeps its tag. It did in
    # https://github.com/gitify-app/gitify/pull/3098, not in
    # https://github.com/vanillapdf/vanillapdf/issues/402
    publishing_keeps_tag: bool = True
    # Whether the target is checked although the tag exists, as older reports suggest:
    # https://github.com/softprops/action-gh-release/issues/214
    target_checked_with_tag: bool = False
    # The status of the refusal when GITHUB_TOKEN creates a tag at a commit that changes workflows:
    # 403 or 404; and when: at "create", also of a draft, or only at "publish".
    workflow_refusal: int = 403
    workflow_refusal_at: str = "create"
    unknown_previous_tag: int = 400  # status for notes since a tag that does not exist: 400 or 422
    ruleset_refusal: int = 422  # status for a tag that a ruleset protects: 422 or 403
    content_type_required: bool = True
    continue_expected: bool = True  # whether Expect: 100-continue is answered
    interim: bool = False  # whether answers with status 1xx precede every answer
    drain: bool = True  # whether the rest of a body is read after an early answer
    abandoned_uploads: str | None = "starter"  # what an interrupted upload leaves
    redirect_uploads: bool = False  # answer uploads with 307 to the storage origin, as some GHES
    latency: float = 0.0  # seconds added before each answer
    work: float = 0.0  # seconds from the arrival of a request of the API until it takes effect
    upload_work: float = 0.0  # the same for an upload
    throttle: float | None = None  # bytes per second on each connection
    download_seconds: float = 300.0  # until a signed URL expires
    limits: Limits = field(default_factory=Limits)

    def changed(self, values: dict[str, Any]) -> "Settings":
        """Return these settings with some values changed.

        Raises:
            ValueError: there is no such setting, or the value has the wrong type.
        """
        values = dict(values)
        if isinstance(values.get("limits"), dict):
            limits = values["limits"]
            _check(self.limits, limits)
            values["limits"] = dataclasses.replace(self.limits, **limits)
        _check(self, values)
        return dataclasses.replace(self, **values)

    def as_json(self) -> dict[str, Any]:
        """Return the settings as the control API shows them."""
        return dataclasses.asdict(self)


def _check(old: Limits | Settings, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in {item.name for item in dataclasses.fields(old)}:
            raise ValueError(f"there is no setting {name!r}")
        expected = _TYPES[name] if name in _TYPES else (type(getattr(old, name)),)
        if float in expected and type(value) is int:
            continue
        if type(value) not in expected:
            raise ValueError(f"{name} cannot be {value!r}")
        if name in _CHOICES and value not in _CHOICES[name]:
            raise ValueError(f"{name} is one of {_CHOICES[name]}, not {value!r}")


_NONE = type(None)
_CHOICES: dict[str, tuple[str | int, ...]] = {
    "list_order": ("made", "id", "id-desc", "name"),
    "workflow_refusal": (403, 404),
    "workflow_refusal_at": ("create", "publish"),
    "ruleset_refusal": (422, 403),
    "unknown_previous_tag": (400, 422),
}
_TYPES: dict[str, tuple[type, ...]] = {
    "abandoned_uploads": (str, _NONE),
    "throttle": (float, _NONE),
    "retry_after": (int, _NONE),
}
