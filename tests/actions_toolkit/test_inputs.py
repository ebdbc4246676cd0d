import pytest

from actions_toolkit import core


def test_an_input_name_may_contain_spaces_and_hyphens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INPUT_ASSET-NAME_OR_PATH", "\ufeff\u3000x\x1f\n")
    assert core.get_input("asset-name or path") == "x\x1f"
