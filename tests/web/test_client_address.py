"""From where a request comes, behind proxies that are trusted and others that are not."""

import ipaddress

import pytest
from fastapi import Request
from pydantic import ValidationError

from app.base.settings import Settings
from app.web.client_address import client_address

PROXIES = "127.0.0.1, 10.0.0.0/8, fd00::/8"


def address(peer: str | None, *forwarded: str, proxies: str = PROXIES) -> str:
    """What the service takes for the client's address."""
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    client = (peer, 40000) if peer is not None else None
    request = Request({"type": "http", "headers": headers, "client": client})
    return client_address(request, Settings(trusted_proxies=proxies))


def test_without_a_proxy_it_is_the_peer_whatever_a_header_says() -> None:
    assert address("192.0.2.7", "198.51.100.1") == "192.0.2.7"
    assert address("127.0.0.1", "198.51.100.1", proxies="") == "127.0.0.1"


def test_behind_a_trusted_proxy_it_is_the_last_address_that_is_none() -> None:
    assert address("127.0.0.1", "198.51.100.1") == "198.51.100.1"
    assert address("127.0.0.1", "198.51.100.1, 10.1.2.3") == "198.51.100.1"
    assert address("127.0.0.1", "198.51.100.1", "10.1.2.3") == "198.51.100.1"
    assert address(None, "198.51.100.1") == "198.51.100.1", "a proxy on a socket file"


def test_what_the_client_wrote_itself_is_not_believed() -> None:
    assert address("127.0.0.1", "203.0.113.9, 198.51.100.1") == "198.51.100.1"
    assert address("127.0.0.1", "203.0.113.9, nonsense, 10.1.2.3") == "10.1.2.3"
    assert address("127.0.0.1", "") == "127.0.0.1"


@pytest.mark.parametrize(
    "written", ["198.51.100.1:4711", '"198.51.100.1"', "::ffff:198.51.100.1", "[::ffff:198.51.100.1]:4711"]
)
def test_proxies_write_it_in_several_ways(written: str) -> None:
    assert address("127.0.0.1", written) == "198.51.100.1"


def test_of_an_ipv6_address_the_site_counts() -> None:
    assert address("2001:db8:1:2:3:4:5:6") == address("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert address("fd00::1", "[2001:db8:1:2::9]:443") == "2001:db8:1:2::/64"


def test_what_is_no_network_is_refused_with_the_setting_s_name() -> None:
    with pytest.raises(ValidationError, match="ProxiesUnreadable"):
        Settings(trusted_proxies="the proxy")
    assert Settings(trusted_proxies="10.0.0.1").trusted_proxies == (ipaddress.ip_network("10.0.0.1"),)
