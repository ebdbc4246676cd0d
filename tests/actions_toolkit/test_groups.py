import asyncio

import pytest

from actions_toolkit import core


def test_a_group_ends_after_an_exception(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    with pytest.raises(KeyError), core.group("a\nb"):
        core.info({"x": "in"}["y"])
    assert capsysbinary.readouterr().out == b"::group::a%0Ab\n::endgroup::\n"


def test_a_group_calls_sync_and_async_functions(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    async def answer() -> int:
        core.info("in")
        return 42

    def say() -> str:
        core.info("in")
        return "said"

    def fail() -> None:
        raise KeyError

    async def main() -> tuple[int, str]:
        with pytest.raises(KeyError):
            await core.group("n", fail)
        return await core.group("n", answer), await core.group("n", say)

    assert asyncio.run(main()) == (42, "said")
    out = capsysbinary.readouterr().out.decode()
    assert out == "::group::n\n::endgroup::\n" + "::group::n\nin\n::endgroup::\n" * 2
