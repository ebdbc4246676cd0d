"""The fields of the request that creates, edits or publishes a release. Pure."""

from release_assets.light_dataclasses import replace
from release_assets.limits import MAX_NOTES
from release_assets.models import Release
from release_assets.plan.desired_release import INPUT_OF_FIELD, DesiredRelease, Fields
from release_assets.plan.draft_mark import (
    MAX_LENGTH,
    Mark,
    find_mark,
    marked_notes,
    set_id,
    without_mark,
)

# GitHub accepts these only when a release is published, or for a public release.
# Source: https://docs.github.com/en/rest/releases/releases#update-a-release
_PUBLIC_ONLY = ("make_latest", "discussion_category_name")


def creation_notes(desired: DesiredRelease, *, tag_exists: bool) -> str:
    """Return the notes of a new draft, with its mark."""
    notes = (desired.notes or "")[:MAX_NOTES]
    # Publishing removes the mark. So a draft that no run publishes gets none.
    if desired.publish == "never" or len(notes) + MAX_LENGTH > MAX_NOTES:
        return notes
    mark = Mark(
        files=set_id(desired.names), run=desired.run, given=desired.given, tag_existed=tag_exists
    )
    return marked_notes(notes, mark)


def edit_fields(desired: DesiredRelease, release: Release, planned: Fields) -> Fields:
    """Return the fields of a request that edits a release and does not publish it.

    release: as it was a moment ago. If it has a mark, the mark is updated with this run.
    """
    fields = {name: value for name, value in planned.items() if name not in _PUBLIC_ONLY}
    if not release.draft:
        return dict(planned)
    mark = find_mark(release.body)
    if mark is not None:
        body = fields.get("body", release.body)
        given = frozenset(INPUT_OF_FIELD[name] for name in planned)
        before = mark.given if mark.run == desired.run else frozenset()
        now = replace(mark, run=desired.run, given=before | given)
        fields["body"] = marked_notes(str(body), now)
    return fields


def publication_fields(desired: DesiredRelease, release: Release, planned: Fields) -> Fields:
    """Return the fields of the request that publishes a draft.

    release: as it was a moment ago. Notes that a person edited meanwhile stay, without the mark.
    """
    fields = dict(planned)
    body = fields.get("body", release.body)
    if isinstance(body, str) and find_mark(body) is not None:
        fields["body"] = without_mark(body)
    if desired.make_latest:
        fields["make_latest"] = desired.make_latest
    if desired.discussion_category:
        fields["discussion_category_name"] = desired.discussion_category
    return fields
