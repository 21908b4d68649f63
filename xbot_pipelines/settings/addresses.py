"""Addresses of X and of this machine, without anything being resolved or asked."""

import ipaddress
from urllib.parse import urlsplit

X_URL = "https://x.com"
X_API_URL = "https://api.x.com"


def is_this_machine(url: str) -> bool:
    """Return whether an address names this machine: a loopback address in its usual form, or `localhost`.

    Other forms of such an address (`127.1`, `2130706433`, `localhost.`) count as other machines: whether they lead
    here is up to the resolver.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
