"""All scenarios: fresh, created, swapped, listed, read back, resumed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from release_assets.names import backup_name, staging_name
from tests.faults.scenario import Scenario
from tests.support.engine import Engine

OLD, NEW = b"old bytes", b"new bytes, others"
LARGE = b"large" * 1_000_000  # more than a system holds of a body that nobody takes


def asset(name: str, content: bytes, **fields: Any) -> dict[str, Any]:
    """Return the seed of a complete asset."""
    return {"name": name, "text": content.decode(), **fields}


def husk(name: str) -> dict[str, Any]:
    """Return the seed of what a failed upload leaves."""
    return {"name": name, "state": "starter"}


def sums(holds: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what a release holds, with the list of its checksums."""
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(holds.items())]
    return {**holds, "SUMS": "".join(lines).encode()}


def scenarios() -> tuple[Scenario, ...]:
    """Return all scenarios."""
    return (*_plain(), *_created(), *_drafts(), *_swaps(), *_lists(), *_read_back(), *_resumed())


USERS = asset("users.txt", b"a user's own")
USERS_HOLDS = {"users.txt": b"a user's own"}
SWAP = "send rename rename delete"


def _plain() -> Iterator[Scenario]:
    files = {"a.zip": NEW, "b.zip": LARGE}
    yield Scenario(
        name="fresh",
        calls="find send send",
        again="find",
        release={"assets": [USERS]},
        files=files,
        holds=files | USERS_HOLDS,
    )
    yield Scenario(
        name="by-id",
        calls="get send",
        again="get",
        release={"id": 77, "assets": [USERS]},
        files={"a.zip": NEW},
        inputs={"release_id": "77"},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="unchanged",
        calls="find",
        again="find",
        release={"assets": [asset("a.zip", NEW), USERS]},
        files={"a.zip": NEW},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="relabel",
        calls="find rename",
        again="find",
        release={"assets": [asset("a.zip", NEW, label="Old"), USERS]},
        files={"a.zip": NEW},
        inputs={"files": "", "manifest": "- {path: dist/a.zip, label: New}"},
        labels={"a.zip": "New"},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="prune",
        calls="find send list delete delete",
        again="find",
        release={"assets": [asset("1.zip", OLD), asset("2.zip", OLD), USERS]},
        files={"a.zip": NEW},
        inputs={"prune": "*.zip"},
        pruned=("1.zip", "2.zip"),
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="husk",
        calls="find delete send",
        again="find",
        release={"assets": [husk("a.zip"), USERS]},
        files={"a.zip": NEW},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )


def _created() -> Iterator[Scenario]:
    files = {"a.zip": NEW, "b.zip": OLD}
    created = Scenario(
        name="create",
        calls="find drafts tag create drafts send send drafts public",
        again="find",
        files=files,
        holds=files,
    )
    yield created
    yield replace(created, name="create-immutable", repository={"immutable_releases": True})
    yield replace(
        created,
        name="create-twice",
        calls="find drafts tag create drafts send send drafts public give-up",
        # Where the other one's is seen at once, this run makes none.
        inputs={"publish": "always"},
        prepare=_another_job_creates,
    )
    yield replace(
        created,
        name="create-draft",
        calls="drafts find tag drafts create drafts send send drafts",
        again="drafts drafts",
        inputs={"publish": "never"},
        draft=True,
    )


def _drafts() -> Iterator[Scenario]:
    holds = {"a.zip": NEW, "b.zip": OLD}
    yield Scenario(
        name="found-draft",
        calls="find drafts send drafts public",
        again="find",
        release={"draft": True, "assets": [USERS]},
        files={"a.zip": NEW},
        inputs={"publish": "always"},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="expect",
        calls="drafts send drafts public",
        again="drafts",
        release={"draft": True, "assets": [asset("b.zip", OLD)]},
        files={"a.zip": NEW},
        inputs={"expect": "a.zip\nb.zip"},
        holds=holds,
    )
    yield Scenario(
        name="expect-more",
        calls="drafts send drafts drafts",
        again="drafts drafts drafts",
        release={"draft": True, "assets": [asset("b.zip", OLD)]},
        files={"a.zip": NEW},
        inputs={"expect": "a.zip\nc.zip"},
        holds=holds,
        draft=True,
    )


def _another_job_creates(engine: Engine) -> None:
    """Make a draft that the first list does not show yet."""
    engine.sandbox.fault(match={"method": "POST"}, do="lag", requests=1)
    engine.github().create_release({"tag_name": "v1", "name": "v1", "draft": True})
    engine.sandbox.disarm()


def _swaps() -> Iterator[Scenario]:
    overwrite = {"overwrite": "true"}
    yield Scenario(
        name="swap",
        calls=f"find {SWAP}",
        again="find",
        release={"assets": [asset("a.zip", OLD), USERS]},
        files={"a.zip": NEW},
        inputs=overwrite,
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="swap-several",
        calls=f"find {SWAP} {SWAP}",
        again="find",
        release={"assets": [asset("a.zip", OLD), asset("b.zip", b"older"), USERS]},
        files={"a.zip": NEW, "b.zip": b"newer"},
        inputs=overwrite,
        holds={"a.zip": NEW, "b.zip": b"newer"} | USERS_HOLDS,
    )


def _lists() -> Iterator[Scenario]:
    holds = sums({"a.zip": NEW} | USERS_HOLDS)
    listed = Scenario(
        name="checksums",
        calls="find send list send list",
        again="find list",
        release={"assets": [USERS]},
        files={"a.zip": NEW},
        inputs={"checksums": "SUMS"},
        holds=holds,
    )
    yield listed
    yield replace(
        listed,
        name="checksums-replaced",
        calls=f"find send list {SWAP} list",
        release={"assets": [USERS, asset("SUMS", b"stale")]},
    )
    kept = {"keep.zip": OLD, "label.zip": OLD, "swap.zip": NEW, "up.zip": NEW}
    yield Scenario(
        name="mix",
        calls=f"find drafts {SWAP} send rename drafts list {SWAP} list list delete public",
        again="find list",
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
    """Yield what runs on a GitHub that tells no digests, and is read back."""
    inputs = {"verify": "download", "overwrite": "true"}
    yield Scenario(
        name="fresh-read-back",
        calls="find send fetch bytes",
        again="find fetch bytes",
        release={"assets": [USERS]},
        files={"a.zip": NEW},
        inputs={"verify": "download"},
        settings={"digests": False},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )
    yield Scenario(
        name="swap-read-back",
        calls="find fetch bytes send fetch bytes rename rename delete",
        again="find fetch bytes",
        release={"assets": [asset("a.zip", OLD.ljust(len(NEW))), USERS]},
        files={"a.zip": NEW},
        inputs=inputs,
        settings={"digests": False},
        holds={"a.zip": NEW} | USERS_HOLDS,
    )


def _resumed() -> Iterator[Scenario]:
    """Yield the table of what an interrupted swap leaves."""
    digest = sha256(NEW).hexdigest()
    staging = staging_name("a.zip", digest)
    staged, torn = asset(staging, NEW), husk(staging)
    stale = asset(staging_name("a.zip", sha256(b"stale").hexdigest()), b"stale")
    old, new = asset("a.zip", OLD), asset("a.zip", NEW)
    aside = asset(backup_name("a.zip", digest), OLD)
    same_aside = asset(backup_name("a.zip", digest), NEW)
    states: dict[str, tuple[list[dict[str, Any]], str]] = {
        "torn": ([old, torn], f"delete {SWAP}"),
        "staged": ([old, staged], "rename rename delete"),
        "stale": ([old, stale], f"delete {SWAP}"),
        "between": ([staged, aside], "rename delete"),
        "undeleted": ([new, aside], "delete"),
        "vanished": ([aside], "send rename delete"),
        "put-aside": ([same_aside], "rename"),
        "only-staged": ([staged], "rename"),
        "only-stale": ([stale], "send delete"),
        "put-back": ([old, staged, aside], "delete rename rename delete"),
        "all-twice": ([new, staged, aside], "delete delete"),
    }
    for name, (assets, calls) in states.items():
        yield Scenario(
            name=f"resume-{name}",
            calls=f"find {calls}",
            again="find",
            afresh=f"find {SWAP}",
            release={"assets": [*assets, USERS]},
            files={"a.zip": NEW},
            inputs={"overwrite": "true"},
            holds={"a.zip": NEW} | USERS_HOLDS,
        )
