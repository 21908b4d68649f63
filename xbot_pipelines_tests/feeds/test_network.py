"""Which addresses belong to the public network."""

from ipaddress import ip_address

import pytest

from xbot_pipelines.feeds.fetching import _is_of
from xbot_pipelines.feeds.network import is_public


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "2a00:1450:4001:80b::200e"),
        *("64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1"),
    ],
)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::"),
        *("::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1", "2002:c0a8:1::1"),
        # NAT64 of a network's own, whatever is inside.
        *("64:ff9b:1::8.8.8.8", "64:ff9b:1::7f00:1", "64:ff9b:1:fffe::1", "64:ff9b:2::1"),
        # IPv4-compatible, and IPv4-translated.
        *("::127.0.0.1", "::10.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8"),
        # Teredo: with a public server and a private client (its bits are inverted), and the reverse.
        *("2001:0:808:808::f5ff:fffe", "2001:0:a00:1::f7f7:f7f7", "2001::1"),
        *("192.88.99.1", "192.0.0.8", "198.51.100.1", "203.0.113.1"),
        *("100::1", "2001:2::1", "2001:10::1", "3fff::1", "5f00::1", "4000::1", "ff0e::1", "fe80::1%eth0"),
    ],
)
def test_an_address_that_is_not_public_is_not_whichever_way_it_is_written(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("host", "listed", "belongs"),
    [
        ("example.org", "example.org", True),
        ("www.example.org", "example.org", True),
        ("example.org", "www.example.org", True),
        ("feeds.example.org", "www.example.org", True),
        ("badexample.org", "example.org", False),
        ("example.org", "feeds.example.org", False),
        ("example.org.elsewhere.example", "example.org", False),
        ("1.127.0.0.1", "127.0.0.1", False),
    ],
)
def test_a_host_belongs_to_a_listed_one_or_it_does_not(host: str, listed: str, *, belongs: bool) -> None:
    assert _is_of(host, listed) is belongs
