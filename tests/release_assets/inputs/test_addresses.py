import pytest

from release_assets.inputs.addresses import is_api_address


@pytest.mark.parametrize(
    "url",
    [
        "https://api.github.com",
        "https://api.github.com/",
        "https://api.octo.ghe.com",
        "https://github.example.org:8443/api/v3",
        "http://127.0.0.1:8080/api/v3",
        "http://[::1]:8080",
        "http://my_host",
    ],
)
def test_a_valid_api_address_is_accepted(url: str) -> None:
    assert is_api_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.github.com",
        "ftp://api.github.com",
        "https://",
        "https:///api/v3",
        "http://[::1",
        "http://[x]",
        "https://host:port",
        "https://host:99999",
        "https://user@host",
        "https://user:password@host",
        "https://a..b",
        f"https://{'a' * 64}.org",
        "https://host/api?x=1",
        "https://host/api#x",
        "https://host/a b",
        "https://host\n.org",
        "https://h\u00f6st",
        "https://h\udcff",
    ],
)
def test_an_invalid_api_address_is_refused(url: str) -> None:
    assert not is_api_address(url)
