"""Which addresses are somebody's on the internet, where we register them and where we connect."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.errors import Unprocessable
from app.base.guarded_targets import GuardedNetwork, TargetIsPrivate, check_target, is_public

pytestmark = pytest.mark.anyio
PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1",
    "2001:db8::1",
    "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "64:ff9b:1::a00:1", "64:ff9b:1::808:808", "fec0::1", "feff::1", "::127.0.0.1", "::10.0.0.1", "::8.8.8.8",
    "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "100::1", "4000::1", "5f00::1", "e000::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "2606:4700::1111", "2a00:1450:4007::8a", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_private_is_refused_when_it_is_written(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(Unprocessable):
        check_target(f"https://[{address}]/" if ":" in address else f"https://{address}/", allow_private=False)


@pytest.mark.parametrize("address", PRIVATE)
async def test_and_when_a_name_leads_there(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolved(*_asked: Any, **_more: Any) -> Any:
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443, 0, 0))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolved)
    with pytest.raises(TargetIsPrivate):
        await GuardedNetwork(allow_private=False).connect_tcp("example.org", 443)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address: str) -> None:
    assert is_public(address)
    host = f"[{address}]" if ":" in address else address
    assert check_target(f"https://{host}/", allow_private=False)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_in_ipv6_as_by_itself(address: IPv4Address) -> None:
    for written in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert is_public(written) == is_public(str(address))
    for written in (f"::{address}", f"::ffff:0:{address}", f"64:ff9b:1::{address}"):
        assert not is_public(written)


@given(st.ip_addresses(v=6))
def test_only_global_unicast_is_public(address: IPv6Address) -> None:
    if is_public(str(address)):
        assert str(address).startswith(("2", "3", "64:ff9b:", "::ffff:"))
