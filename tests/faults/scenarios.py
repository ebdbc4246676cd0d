"""All scenarios: new and existing releases, swaps, checksums, read back, interrupted swaps."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from release_assets.digest import Digest
from release_assets.names import backup_name, staging_name
from release_assets.plan.draft_mark import Mark, marked_notes, set_id
from tests.faults.scenario import Scenario
from tests.support.engine import Engine

OLD, NEW = b"old bytes", b"new bytes, others"
LARGE = b"large" * 1_000_000  # larger than the socket buffers, so that an unread body blocks


def asset(name: str, content: bytes, **fields: Any) -> dict[str, Any]:
    """Return the seed of a complete asset."""
    return {"name": name, "text": content.decode(), **fields}


def starter(name: str) -> dict[str, Any]:
    """Return the seed of the incomplete asset that a failed upload leaves."""
    return {"name": name, "state": "starter"}


def sums(holds: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the assets with a checksums file added."""
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(holds.items())]
    return {**holds, "SUMS": "".join(lines).encode()}


def scenarios() -> tuple[Scenario, ...]:
    """Return all scenarios."""
    return (
        *_plain(),
        *_created(),
        *_drafts(),
        *_edited(),
        *_without_files(),
        *_swaps(),
        *_lists(),
        *_read_back(),
        *_resumed(),
    )


USERS = asset("users.txt", b"a user's own")
USERS_HOLDS = {"users.txt": b"a user's own"}
SWAP = "send rename rename delete"


def _plain() -> Iterator[Scenario]:
    files = {"a.zip": NEW, "b.zip": LARGE}
    yield Scenario(
        name="fresh",
        calls="find send send get",
        again="find get",
        release={"assets": [USERS]},
        files=files,
        holds=files | USERS_HOLDS,
    )
    yield Scenario(
        name="by-id",
        calls="get send get",
        again="get get",
        release={"id": 77, "assets": [USERS]},
        files={"a.zip": NEW},
        inputs={"release_id": "77"},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="unchanged",
        calls="find get",
        again="find get",
        release={"assets": [asset("a.zip", NEW), USERS]},
        files={"a.zip": NEW},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="relabel",
        calls="find rename get",
        again="find get",
        release={"assets": [asset("a.zip", NEW, label="Old"), USERS]},
        files={"a.zip": NEW},
        inputs={"files": "", "manifest": "- {path: dist/a.zip, label: New}"},
        labels={"a.zip": "New"},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="prune",
        paged="find send list list delete delete get",
        calls="find send list delete delete get",
        again="find get",
        release={"assets": [asset("1.zip", OLD), asset("2.zip", OLD), USERS]},
        files={"a.zip": NEW},
        inputs={"prune": "*.zip"},
        pruned=("1.zip", "2.zip"),
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="starter",
        calls="find delete send get",
        again="find get",
        release={"assets": [starter("a.zip"), USERS]},
        files={"a.zip": NEW},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )


def _created() -> Iterator[Scenario]:
    files = {"a.zip": NEW, "b.zip": OLD}
    created = Scenario(
        name="create",
        paged=(
            "find drafts drafts commit create drafts drafts send send drafts drafts commit "
            "update commit get"
        ),
        calls="find drafts commit create drafts send send drafts commit update commit get",
        again="find get",
        files=files,
        holds=files,
    )
    yield created
    yield replace(created, name="create-immutable", repository={"immutable_releases": True})
    yield replace(
        created,
        name="create-twice",
        paged="find drafts drafts get send send drafts drafts commit update commit get",
        calls="find drafts commit create drafts get send send drafts commit update commit get get delete-draft get",
        calls_after_verification=3,
        # With `paged`, the other job's draft is listed at once, and this run creates none.
        inputs={"publish": "always"},
        prepare=_another_job_creates,
    )
    yield replace(
        created,
        name="create-draft",
        paged=(
            "drafts find drafts commit drafts drafts create drafts drafts send send drafts drafts"
        ),
        calls="drafts find commit drafts create drafts send send drafts",
        again="drafts get drafts",
        inputs={"publish": "never"},
        draft=True,
    )


def _drafts() -> Iterator[Scenario]:
    holds = {"a.zip": NEW, "b.zip": OLD}
    yield Scenario(
        name="found-draft",
        paged="find drafts drafts get send drafts drafts commit update commit get",
        calls="find drafts get send drafts commit update commit get",
        again="find get",
        release={"draft": True, "assets": [USERS]},
        files={"a.zip": NEW},
        inputs={"publish": "always"},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="expect",
        paged="drafts find drafts get send drafts drafts commit update commit get",
        calls="drafts get send drafts commit update commit get",
        again="drafts get get",
        release={"draft": True, "assets": [asset("b.zip", OLD)]},
        files={"a.zip": NEW},
        inputs={"expect": "a.zip\nb.zip"},
        holds=holds,
    )
    yield Scenario(
        name="expect-more",
        paged="drafts find drafts get send drafts drafts drafts drafts",
        calls="drafts get send drafts drafts",
        again="drafts get drafts drafts",
        release={"draft": True, "assets": [asset("b.zip", OLD)]},
        files={"a.zip": NEW},
        inputs={"expect": "a.zip\nc.zip"},
        holds=holds,
        draft=True,
    )


COMMIT = "c0ffee" + "0" * 34


def _edited() -> Iterator[Scenario]:
    """Yield scenarios whose inputs change an existing release."""
    holds = {"a.zip": NEW} | USERS_HOLDS
    given = {"title": "New title", "notes": "New notes"}
    fields = {"name": "New title", "body": "New notes", "prerelease": True}
    mark = Mark(files=set_id(["a.zip"]))
    ours = Scenario(
        name="ours-corrected",
        paged="find drafts drafts get commit commit send drafts drafts commit update commit get",
        calls="find drafts get commit commit send drafts commit update commit get",
        again="find commit commit get",
        release={
            "draft": True,
            "name": "Old title",
            "body": marked_notes("Old notes", mark),
            "target_commitish": "main",
            "assets": [USERS],
        },
        repository={"commits": [{"name": "right", "sha": COMMIT}]},
        files={"a.zip": NEW},
        inputs={"tag": "v2", "target": COMMIT, "prerelease": "true", **given},
        holds=holds,
        fields={**fields, "commit": COMMIT},
    )
    yield ours
    yield replace(
        ours,
        name="update",
        paged="",
        calls="find latest send update get",
        again="find latest get",
        release={"name": "Old title", "body": "Old notes", "assets": [USERS]},
        inputs={
            "if_release_exists": "update",
            "prerelease": "true",
            "make_latest": "false",
            **given,
        },
        fields=fields,
    )
    yield replace(
        ours,
        name="draft-target",
        paged="find drafts drafts get commit commit send drafts drafts commit update commit get",
        calls="find drafts get commit commit send drafts commit update commit get",
        again="find commit commit get",
        release={"draft": True, "name": "A person's", "body": "Theirs", "assets": [USERS]},
        inputs={"tag": "v2", "target": COMMIT, "publish": "always"},
        fields={"name": "A person's", "body": "Theirs", "commit": COMMIT},
    )
    yield replace(
        ours,
        name="draft-by-id",
        paged="",
        calls="get send get commit update commit get",
        again="get get",
        release={"id": 77, "draft": True, "assets": [USERS]},
        inputs={"release_id": "77", "publish": "always"},
        fields={},
    )
    yield replace(
        ours,
        name="create-generated",
        paged=(
            "find drafts drafts commit commit notes create drafts drafts send drafts drafts "
            "commit update get"
        ),
        calls="find drafts commit commit notes create drafts send drafts commit update get",
        again="find commit commit notes get",
        release=None,
        inputs={"tag": "v2", "target": "main", "generate_notes": "true"},
        holds={"a.zip": NEW},
        fields={"name": "v2"},
    )


def _without_files() -> Iterator[Scenario]:
    inputs = {"files": "", "title": "Without files"}
    made = Scenario(
        name="no-files-never",
        paged="drafts find drafts commit drafts drafts create drafts drafts drafts drafts",
        calls="drafts find commit drafts create drafts drafts",
        again="drafts get drafts",
        files={},
        inputs={**inputs, "publish": "never"},
        holds={},
        draft=True,
        fields={"name": "Without files"},
    )
    yield made
    yield replace(
        made,
        name="no-files-always",
        paged=(
            "find drafts drafts commit create drafts drafts drafts drafts commit update commit get"
        ),
        calls="find drafts commit create drafts drafts commit update commit get",
        again="find get",
        inputs={**inputs, "publish": "always"},
        draft=False,
    )


def _another_job_creates(engine: Engine) -> None:
    """Create a draft that the first list does not show yet."""
    engine.sandbox.fault(match={"method": "POST"}, do="lag", requests=1)
    engine.github().create_release({"tag_name": "v1", "name": "v1", "draft": True})
    engine.sandbox.disarm()


def _swaps() -> Iterator[Scenario]:
    overwrite = {"overwrite": "true"}
    yield Scenario(
        name="swap",
        calls=f"find {SWAP} get",
        again="find get",
        release={"assets": [asset("a.zip", OLD), USERS]},
        files={"a.zip": NEW},
        inputs=overwrite,
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="swap-several",
        calls=f"find {SWAP} {SWAP} get",
        again="find get",
        release={"assets": [asset("a.zip", OLD), asset("b.zip", b"older"), USERS]},
        files={"a.zip": NEW, "b.zip": b"newer"},
        inputs=overwrite,
        holds={"a.zip": NEW, "b.zip": b"newer"} | USERS_HOLDS,
    )


def _lists() -> Iterator[Scenario]:
    holds = sums({"a.zip": NEW} | USERS_HOLDS)
    listed = Scenario(
        name="checksums",
        paged="find send list send list list get",
        calls="find send list send list get",
        again="find list get",
        release={"assets": [USERS]},
        files={"a.zip": NEW},
        inputs={"checksums": "SUMS"},
        holds=holds,
    )
    yield listed
    yield replace(
        listed,
        name="checksums-replaced",
        paged="find send list list send rename rename delete list list get",
        calls=f"find send list {SWAP} list get",
        release={"assets": [USERS, asset("SUMS", b"stale")]},
    )
    kept = {"keep.zip": OLD, "label.zip": OLD, "swap.zip": NEW, "up.zip": NEW}
    yield Scenario(
        name="mix",
        paged=(
            "find drafts drafts get send rename rename delete send rename drafts drafts list "
            "list list list send rename rename delete list list list list list list list "
            "list delete commit update commit get"
        ),
        calls=f"find drafts get {SWAP} send rename drafts list {SWAP} list list delete commit update commit get",
        again="find list get",
        release={
            "draft": True,
            "assets": [
                asset("keep.zip", OLD),
                asset("label.zip", OLD, label="Old"),
                asset("swap.zip", OLD),
                asset("prune.zip", OLD),
                asset("SUMS", b"stale"),
                USERS,
            ],
        },
        files=kept,
        inputs={
            "overwrite": "true",
            "manifest": "- {path: dist/label.zip, label: New}",
            "prune": "*.zip",
            "checksums": "SUMS",
            "publish": "always",
        },
        labels={"label.zip": "New"},
        pruned=("prune.zip",),
        holds=sums(kept | USERS_HOLDS),
    )


def _read_back() -> Iterator[Scenario]:
    """Yield scenarios on a GitHub that reports no digests, so that assets are downloaded to verify."""
    inputs = {"verify": "download", "overwrite": "true"}
    yield Scenario(
        name="fresh-read-back",
        calls="find send fetch bytes get",
        again="find fetch bytes get",
        release={"assets": [USERS]},
        files={"a.zip": NEW},
        inputs={"verify": "download"},
        settings={"digests": False},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="swap-read-back",
        calls="find fetch bytes send fetch bytes rename rename delete get",
        again="find fetch bytes get",
        release={"assets": [asset("a.zip", OLD.ljust(len(NEW))), USERS]},
        files={"a.zip": NEW},
        inputs=inputs,
        settings={"digests": False},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )


def _resumed() -> Iterator[Scenario]:
    """Yield a scenario for each state that an interrupted swap can leave."""
    digest = Digest.of(sha256(NEW))
    staging = staging_name("a.zip", digest)
    staged, incomplete = asset(staging, NEW), starter(staging)
    stale = asset(staging_name("a.zip", Digest.of(sha256(b"stale"))), b"stale")
    old, new = asset("a.zip", OLD), asset("a.zip", NEW)
    backup = asset(backup_name("a.zip", digest), OLD)
    backup_of_new = asset(backup_name("a.zip", digest), NEW)
    states: dict[str, tuple[list[dict[str, Any]], str]] = {
        "torn": ([old, incomplete], f"delete {SWAP}"),
        "staged": ([old, staged], "rename rename delete"),
        "stale": ([old, stale], f"delete {SWAP}"),
        "between": ([staged, backup], "rename delete"),
        "undeleted": ([new, backup], "delete"),
        "vanished": ([backup], "send rename delete"),
        "put-aside": ([backup_of_new], "rename"),
        "only-staged": ([staged], "rename"),
        "only-stale": ([stale], "send fetch delete"),
        "put-back": ([old, staged, backup], "delete rename rename delete"),
        "all-twice": ([new, staged, backup], "delete delete"),
    }
    for name, (assets, calls) in states.items():
        yield Scenario(
            name=f"resume-{name}",
            calls=f"find {calls} get",
            again="find get",
            after_cleanup=f"find {SWAP} get",
            release={"assets": [*assets, USERS]},
            files={"a.zip": NEW},
            inputs={"overwrite": "true"},
            holds={"a.zip": NEW} | USERS_HOLDS,
        )
