"""`core` has everything that `core` of the PyPI package actions-toolkit 0.1.15 has."""

import inspect

import pytest

from actions_toolkit import core

# Name -> parameters in that package. "=" marks a default, "**" any keyword of another.
ITS_FUNCTIONS = {
    "add_path": ["input_path"],
    "debug": ["message"],
    "end_group": [],
    "error": ["message", "**AnnotationProperties"],
    "export_variable": ["name", "val"],
    "get_boolean_input": ["name", "**InputOptions"],
    "get_id_token": ["aud="],
    "get_input": ["name", "**InputOptions"],
    "get_multiline_input": ["name", "**InputOptions"],
    "get_state": ["name"],
    "group": ["name", "fn"],
    "info": ["message"],
    "is_debug": [],
    "issue": ["name", "message="],
    "issue_command": ["command", "properties", "message"],
    "issue_file_command": ["command", "message"],
    "notice": ["message", "**AnnotationProperties"],
    "prepare_key_value_message": ["key", "value"],
    "save_state": ["name", "value"],
    "set_command_echo": ["enabled"],
    "set_failed": ["message"],
    "set_output": ["name", "value"],
    "set_secret": ["secret"],
    "start_group": ["name"],
    "to_command_properties": ["annotation_properties"],
    "to_command_value": ["input_val"],
    "to_platform_path": ["path"],
    "to_posix_path": ["path"],
    "to_win32_path": ["path"],
    "warning": ["message", "**AnnotationProperties"],
}
ITS_CLASSES = {
    "AnnotationProperties": [
        *("title=", "file=", "start_line=", "end_line=", "start_column=", "end_column=")
    ],
    "InputOptions": ["required=", "trim_whitespace="],
}
# Names that only GitHub's own package exports, in snake_case.
NAMES_OF_GITHUBS_PACKAGE = {"ExitCode", "OidcClient", "markdown_summary", "platform", "summary"}


@pytest.mark.parametrize("name", ITS_FUNCTIONS | ITS_CLASSES)
def test_every_signature_is_compatible(name: str) -> None:
    ours = inspect.signature(getattr(core, name)).parameters
    named = [p for p in ours.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    theirs = (ITS_FUNCTIONS | ITS_CLASSES)[name]
    plain = [parameter for parameter in theirs if not parameter.startswith("**")]
    assert [p.name for p in named][: len(plain)] == [parameter.rstrip("=") for parameter in plain]
    for parameter, expected in zip(named, plain, strict=False):
        assert parameter.default is not parameter.empty or not expected.endswith("=")
    keywords = {p.name for p in ours.values() if p.kind is p.KEYWORD_ONLY}
    for options in (parameter[2:] for parameter in theirs if parameter.startswith("**")):
        assert keywords == {parameter.rstrip("=") for parameter in ITS_CLASSES[options]}
    assert all(p.default is not p.empty for p in list(ours.values())[len(plain) :])


def test_no_other_name_is_public() -> None:
    assert set(core.__all__) == {*ITS_FUNCTIONS, *ITS_CLASSES, *NAMES_OF_GITHUBS_PACKAGE}
    assert all(hasattr(core, name) for name in core.__all__)


def test_exit_codes_are_the_same() -> None:
    assert {code.name: code.value for code in core.ExitCode} == {"success": 0, "failure": 1}


def test_options_have_the_same_fields_and_defaults() -> None:
    assert vars(core.InputOptions()) == {"required": False, "trim_whitespace": True}
    assert vars(core.InputOptions(True, False)) == {"required": True, "trim_whitespace": False}
    assert set(vars(core.AnnotationProperties()).values()) == {None}
    assert core.to_command_properties(None) == {}
    sent = core.to_command_properties(core.AnnotationProperties("t", "f", 1, 2, 3, 4))
    assert [*sent] == ["title", "file", "line", "endLine", "col", "endColumn"]
    assert [*sent.values()] == ["t", "f", 1, 2, 3, 4]


def test_the_oidc_client_has_the_same_methods() -> None:
    for name in ("get_request_token", "get_id_token_url", "get_call", "get_id_token"):
        assert callable(getattr(core.OidcClient, name))
