"""Laws of plans for any release: no content is lost, and one run is enough."""

from collections.abc import Iterator
from itertools import islice

from hypothesis import event, given
from hypothesis import strategies as st

from release_assets.digest import Digest
from release_assets.light_dataclasses import replace
from release_assets.models import Asset, LocalFile
from release_assets.names import asset_name, backup_name, parse_swap_name, staging_name
from release_assets.plan import steps
from release_assets.plan.assets import Overwrite, Plan, plan_assets
from release_assets.plan.errors import UnknownStateError
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.steps import Keep, Refuse, Skip
from tests.support.laws import times
from tests.support.release_model import Model
from tests.support.samples import A, B, C, asset, local_file, starter

DIGESTS = (A, B, C)
REQUESTED = ("app.zip", "App.zip", "my app.zip", "my.app.zip", "notes.txt")
LABELS = ("", None, "my app.zip", "For Linux")
BEARERS = (*map(asset_name, REQUESTED), "my_app.zip", "app.zip.asc", "release-assets-new")
# The same bytes have the same size.
SIZES = {A: 10, B: 10, C: 11}

Files = list[tuple[LocalFile, Digest]]


@st.composite
def file_sets(draw: st.DrawFn) -> Files:
    """Files as `find_files` returns them, with unique names, each with its digest."""
    found: dict[str, tuple[LocalFile, Digest]] = {}
    for requested in draw(st.lists(st.sampled_from(REQUESTED), min_size=1, max_size=4)):
        digest = draw(st.sampled_from(DIGESTS))
        label = draw(st.sampled_from([None, "For Linux"]))
        file = local_file(requested, size=SIZES[digest], label=label)
        found.setdefault(file.name.lower(), (file, digest))
    return list(found.values())


@st.composite
def releases(draw: st.DrawFn) -> list[Asset]:
    """Assets of others and leftovers of swaps, with unique names."""
    names = st.sampled_from(BEARERS)
    swaps = st.builds(
        lambda make, final, digest: make(final, digest),
        st.sampled_from([staging_name, backup_name]),
        names,
        st.sampled_from(DIGESTS),
    )
    found: dict[str, Asset] = {}
    for name in draw(st.lists(names | swaps, max_size=8)):
        mark = parse_swap_name(name)
        digest = draw(st.sampled_from(DIGESTS))
        if mark is not None and mark.role == "new":
            # Staged assets are verified: the name contains the digest of the content.
            digest = next(known for known in DIGESTS if known[7:].startswith(mark.digest))
        number = len(found) + 1
        there = asset(
            name,
            id=number,
            digest=digest,
            size=SIZES[digest],
            label=draw(st.sampled_from(LABELS)),
        )
        others = (starter(name, id=number), replace(there, state="open"))
        state = draw(st.sampled_from([there] * 6 + list(others)))
        found.setdefault(name.lower(), state)
    return list(found.values())


POLICIES: st.SearchStrategy[Overwrite] = st.sampled_from(["false", "true", "skip"])


def every_call(model: Model, planned: Plan, local: dict[str, Digest]) -> Iterator[None]:
    """Perform a plan call by call, without its refused steps."""
    for step in planned.steps:
        yield from model.calls(step, local[step.file.name])


def perform(model: Model, planned: Plan, local: dict[str, Digest]) -> None:
    for _ in every_call(model, planned, local):
        pass


def split(files: Files) -> tuple[list[LocalFile], dict[str, Digest]]:
    return [file for file, _ in files], {file.name: digest for file, digest in files}


@given(file_sets(), releases(), POLICIES, st.booleans())
@times(3)
def test_after_one_run_nothing_is_left_to_do(
    sets: Files, assets: list[Asset], overwrite: Overwrite, digests: bool
) -> None:
    files, local = split(sets)
    model = Model(assets, digests=digests)
    planned = model.plan(files, local, overwrite)
    perform(model, planned, local)
    again = model.plan(files, local, overwrite)
    for before, after in zip(planned.steps, again.steps, strict=True):
        event(type(before).__name__)
        expected = Refuse if isinstance(before, Refuse) else Keep | Skip
        assert isinstance(after, expected), (before, after)
        if not isinstance(after, Refuse):
            assert not steps.is_write(after)
    for step in again.steps:
        if isinstance(step, Keep):
            assert model.read([step.asset])[step.asset.id] == local[step.file.name]


@given(file_sets(), releases(), POLICIES)
def test_only_starters_and_leftovers_are_obsolete(
    sets: Files, assets: list[Asset], overwrite: Overwrite
) -> None:
    files, local = split(sets)
    planned = Model(assets).plan(files, local, overwrite)
    cleared = [one for step in planned.steps for one in steps.obsolete_assets_of(step)]
    assert [
        one.name for one in cleared if not one.is_starter and parse_swap_name(one.name) is None
    ] == []
    assert len({one.id for one in cleared}) == len(cleared)
    assert planned.prune == ()


@given(file_sets(), releases(), POLICIES)
def test_no_asset_is_used_by_two_files(
    sets: Files, assets: list[Asset], overwrite: Overwrite
) -> None:
    files, local = split(sets)
    planned = Model(assets).plan(files, local, overwrite)
    touched = [
        there.id
        for step in planned.steps
        for there in (getattr(step, name, None) for name in ("asset", "old", "staged"))
        if there is not None
    ]
    assert len(set(touched)) == len(touched)


def final_names(model: Model) -> set[str]:
    """Return the final names of all complete assets and backups, in lower case."""
    found = set()
    for one in model.assets:
        mark = parse_swap_name(one.name)
        if not one.is_starter and (mark is None or mark.role == "old"):
            found.add((mark.final if mark else one.name).lower())
    return found


@given(file_sets(), releases(), st.integers(0, 12))
@times(2)
def test_a_run_killed_after_any_call_loses_nothing_and_the_next_one_finishes(
    sets: Files, assets: list[Asset], calls: int
) -> None:
    files, local = split(sets)
    model = Model(assets)
    stood = final_names(model)
    planned = model.plan(files, local, "true")
    for _ in islice(every_call(model, planned, local), calls):
        assert stood <= final_names(model)
    perform(model, model.plan(files, local, "true"), local)
    assert stood <= final_names(model)
    last = model.plan(files, local, "true")
    for step in last.steps:
        if isinstance(step, Refuse):
            assert isinstance(step.error, UnknownStateError)
        else:
            assert isinstance(step, Keep)
            assert not step.obsolete


@given(file_sets(), releases(), POLICIES)
def test_planning_needs_only_the_digests_that_it_requests(
    sets: Files, assets: list[Asset], overwrite: Overwrite
) -> None:
    files, local = split(sets)
    everything = KnownDigests(local=local)
    informed = plan_assets(files, assets, overwrite=overwrite, known=everything)
    requested = Model(assets).plan(files, local, overwrite)
    assert [type(step) for step in requested.steps] == [type(step) for step in informed.steps]
    assert [getattr(s, "obsolete", ()) for s in requested.steps] == [
        getattr(s, "obsolete", ()) for s in informed.steps
    ]


@given(
    file_sets(),
    releases(),
    POLICIES,
    st.dictionaries(st.sampled_from(BEARERS), st.sampled_from(DIGESTS)),
)
def test_planning_never_raises_whatever_is_known(
    sets: Files, assets: list[Asset], overwrite: Overwrite, local: dict[str, Digest]
) -> None:
    files, _ = split(sets)
    planned = plan_assets(files, assets, overwrite=overwrite, known=KnownDigests(local=local))
    assert [step.file for step in planned.steps] == files
    assert all(str(error) for error in planned.refusals)
