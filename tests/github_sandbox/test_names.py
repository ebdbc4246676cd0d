from itertools import product

import pytest

from github_sandbox.names import stored_name

# Reported results of the service, and expectations in the tests of GitHub's own program.
OBSERVED = [
    ("foo", "foo", "code: cli/cli"),
    ("foo bar", "foo.bar", "code: cli/cli"),
    (".foo", "default.foo", "code: cli/cli"),
    ("Foo bar", "Foo.bar", "code: cli/cli"),
    ("Hello, दुनिया", "default.Hello", "code: cli/cli"),
    ("this+has+plusses.jpg", "this+has+plusses.jpg", "code: cli/cli"),
    ("this@has@at@signs.jpg", "this@has@at@signs.jpg", "code: cli/cli"),
    ("façade.exposé", "facade.expose", "code: cli/cli"),
    (".config", "default.config", "softprops/action-gh-release#741"),
    (
        "tobwen-1.1.0-1~buster_amd64.deb",
        "tobwen-1.1.0-1.buster_amd64.deb",
        "softprops/action-gh-release#159",
    ),
    (
        "app.prod-v1.3.0-(15-5)-6064eac-release.apk",
        "app.prod-v1.3.0-.15-5.-6064eac-release.apk",
        "actions/upload-release-asset#57",
    ),
    ("Symbols.Mixed 64-bit.7z", "Symbols.Mixed.64-bit.7z", "cli/cli#7024"),
    ("My App 1.0.0 Setup.exe", "My.App.1.0.0.Setup.exe", "cli/cli#10585"),
    (
        "Sky Auto Player_4.0.0-rc.1_x64-setup.exe",
        "Sky.Auto.Player_4.0.0-rc.1_x64-setup.exe",
        "pumni/Sky-Auto-Player#148",
    ),
    ("fake.      file.txt", "fake.file.txt", "electron/forge#1761"),
    ("erick%%%%%!!!zhao.txt", "erick.zhao.txt", "electron/forge#1761"),
    ("茶话室-0.1.2-mac-arm64.dmg", "-0.1.2-mac-arm64.dmg", "jin-bo/chahua#5"),
    ("😀.pdf", "default.pdf", "softprops/action-gh-release#542"),
    ("a5_ð_æ_©_ŋ.txt", "a5_d_ae_._ng.txt", "travis-ci/dpl#821"),
    (
        "cpython-3.14.0b4-riscv64-unknown-linux-gnu-freethreaded+lto-20250708T1536.tar.zst",
        "cpython-3.14.0b4-riscv64-unknown-linux-gnu-freethreaded+lto-20250708T1536.tar.zst",
        "astral-sh/python-build-standalone#691",
    ),
]
# What follows from the same steps; nobody has reported these.
DERIVED = [
    ("foo!", "default.foo"),
    ("über", "default.uber"),
    ("name.", "default.name"),
    ("a..b", "a.b"),
    ("Straße.txt", "Strasse.txt"),
    ("Tiếng Việt.txt", "Ti.ng.Vi.t.txt"),
    ("か_き_く.pdf", "_._.pdf"),
    ("v1.0 (final).zip", "v1.0.final.zip"),
    ("résumé", "default.resume"),
    ("e\u0301.txt", "e.txt"),  # composed first
    ("©", ""),
    ("...", "default.default"),
    ("", ""),
]


@pytest.mark.parametrize(("name", "expected", "evidence"), OBSERVED)
def test_names_are_rewritten_as_observed(name: str, expected: str, evidence: str) -> None:
    assert stored_name(name) == expected, evidence


@pytest.mark.parametrize(("name", "expected"), DERIVED)
def test_names_are_rewritten_as_derived(name: str, expected: str) -> None:
    assert stored_name(name) == expected


def test_rewriting_twice_changes_nothing() -> None:
    for name in ("".join(p) for n in range(1, 5) for p in product("aZ0.-_ é/(+", repeat=n)):
        once = stored_name(name)
        assert stored_name(once) == once, name
