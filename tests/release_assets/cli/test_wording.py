import pytest

from release_assets.cli.wording import error_text, reword_errors
from release_assets.errors import ReleaseAssetsError
from release_assets.files.errors import NoFilesError
from release_assets.github.errors import (
    PERMISSION_FIX,
    BadCredentialsError,
    PermissionDeniedError,
    UnreachableError,
)
from release_assets.inputs.errors import InputError, MissingInputError
from release_assets.plan.errors import AssetExistsError, NoAssetsError, TagNotFoundError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            AssetExistsError("a.zip", "a.zip", "url", known=True),
            (
                "a.zip: an asset `a.zip` exists, with other content (url). To fix: set "
                "`--overwrite true` to swap it, `--overwrite skip` to leave it, or rename the file"
            ),
        ),
        (
            InputError("release-id", "x", "the number of a release"),
            "`--release-id` is 'x'. To fix: give the number of a release",
        ),
        (
            MissingInputError("files", "name the files to publish, or set `manifest`"),
            "`PATTERN` is missing. To fix: name the files to publish, or set `--manifest`",
        ),
        (
            NoFilesError("x", "/w"),
            (
                "no file matches `x` (in /w). To fix: check that the build made the file first, "
                "correct the pattern, or set `--if-no-files-found warn`"
            ),
        ),
        (
            TagNotFoundError("v1", "octo-org/app"),
            (
                "there is no release and no git tag `v1` (octo-org/app). To fix: push the tag first, "
                "correct `--tag`, or set `--target` to create the tag there"
            ),
        ),
        (
            PermissionDeniedError("no", fix=PERMISSION_FIX),
            (
                "no. To fix: give a token that may write releases: `contents: write`, or the scope "
                "`repo`"
            ),
        ),
        (
            BadCredentialsError("no", fix="leave `token` out"),
            "no. To fix: renew the token, and set GH_TOKEN or give --token-file PATH",
        ),
        (
            UnreachableError("no", fix="check the network, then run the job again"),
            "no. To fix: check the network, then run the command again",
        ),
        (
            NoAssetsError("tag", "url"),
            (
                "no asset matches `tag` (url). To fix: correct the name or pattern; "
                "`release-assets list` shows what is there"
            ),
        ),
    ],
)
def test_errors_name_options_instead_of_inputs(error: ReleaseAssetsError, expected: str) -> None:
    ((title, *rest),) = reword_errors([error])
    assert title == error.title
    assert error_text(*rest) == expected
