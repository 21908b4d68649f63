"""Which parts of a text X takes for links, by the rules of twitter-text.

A host ends in a top-level domain: "example.com" is a link, "e.g.this", "notes.txt" and "http://intranet" are not. With
a scheme, the host may be in any script; without one, what is a link is the part of it that is written as Latin script
writes it, so that it may stand in the middle of Japanese. The top-level domains are those of the public suffix list.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb"
    "\u0300-\u036f\u1e00-\u1eff"
)
_LETTERS = rf"a-zA-Z0-9{_LATIN}\u0400-\u04ff"
_NOT_IN_HOSTS = (
    r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$"
    r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    r"\ufffe\ufeff\uffff\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
)
_HOST = rf"[^{_NOT_IN_HOSTS}]"
_LABELS = re.compile(rf"(?:{_HOST}++(?:[_-]++{_HOST}++)*+\.)++")
_LATIN_LABELS = re.compile(rf"(?:[-a-zA-Z0-9{_LATIN}]++\.)++")
_HOST_RUN = re.compile(rf"(?:{_HOST}|[-_.])++")
_SCHEME = re.compile(r"https?://$", re.IGNORECASE)
_NEVER_BEFORE = re.compile(r"[a-zA-Z0-9@\uff20$#\uff03\ufffe\ufeff\uffff]")
_NEVER_BEFORE_WITHOUT_SCHEME = frozenset("-_./")
_NEVER_BEHIND_HOSTS = frozenset("@+-")
_ASCII_LABEL = re.compile(r"[a-zA-Z0-9]+")
_PUNYCODE = re.compile(r"xn--[-0-9a-z]+", re.IGNORECASE)
_LONGEST_LABEL = 63
_LONGEST_HOST = 255
_LONGEST_LINK = 4096

_PORT = re.compile(r":[0-9]+")
_PATH_CHARACTERS = rf"[{_LETTERS}!*';:=+,.$/%#\[\]\u2013_~@|&\-]"
_BRACKETS = rf"\((?:{_PATH_CHARACTERS}++|{_PATH_CHARACTERS}*+\({_PATH_CHARACTERS}++\){_PATH_CHARACTERS}*+)\)"
_PATH = re.compile(rf"/(?:{_PATH_CHARACTERS}++|{_BRACKETS})*+")
_NOT_LAST_IN_PATHS = "!*';:,.$%[]\u2013~@|&"
_QUERY = re.compile(r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*")
_NOT_LAST_IN_QUERIES = "!?*'@();:+$%[].,~|"

_OF_X = re.compile(r"https?://t\.co/([a-zA-Z0-9]+)", re.IGNORECASE)
_LONGEST_OF_X = 40


def find_links(text: str) -> Iterator[tuple[int, int]]:
    """Return where in the text X sees a link, as (start, end) in code points, in order."""
    first = 0
    for run in _HOST_RUN.finditer(text):
        begin = max(first, run.start())
        domains = _domains_in(text, begin, run.end())
        for dot in domains:
            begin = max(begin, dot - _LONGEST_HOST)
            while begin < dot:
                scheme = _SCHEME.search(text, max(0, begin - len("https://")), begin) if begin == run.start() else None
                start = scheme.start() if scheme else begin
                may_start = start >= first and not _NEVER_BEFORE.match(text[start - 1 : start])
                end = _end_of_host(text, _LABELS, begin, run.end(), domains) if may_start else None
                if end is None:
                    begin += 1
                    continue
                links, end = _links_of(text, start, begin, end, domains)
                yield from links
                # One character lies between two links.
                begin = first = end + 1


def _links_of(
    text: str, start: int, begin: int, end: int, domains: Mapping[int, int]
) -> tuple[list[tuple[int, int]], int]:
    """Return the links of one address, and where it ends: whatever it is, nothing in it is looked at again.

    Args:
        text: the whole text.
        start: where the address starts, with its scheme if it has one.
        begin: where its host begins.
        end: where its host ends.
        domains: where the top-level domains around it end, by the dots before them.
    """
    port = _PORT.match(text, end)
    path_begins = port.end() if port else end
    path_ends = _end_of_path(text, path_begins)
    whole = _end_of_query(text, path_ends)
    if not _is_valid_host(text[begin:end]) or whole - start > _LONGEST_LINK:
        return [], whole
    if start < begin:
        of_x = _OF_X.match(text, start, whole)
        if of_x is None:
            return [(start, whole)], whole
        if len(of_x[1]) > _LONGEST_OF_X:
            return [], whole
        # Its own links have no more to them than a name and a query.
        ends = _end_of_query(text, of_x.end())
        return [(start, ends)], ends
    if text[start - 1 : start] in _NEVER_BEFORE_WITHOUT_SCHEME:
        return [], whole
    links = list(_latin_hosts(text, begin, end, domains))
    if links and path_ends > path_begins:
        links[-1] = (links[-1][0], whole)
    return links, whole


def _latin_hosts(text: str, begin: int, end: int, domains: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Return the hosts within a host that are written as Latin script writes them."""
    while (labels := _LATIN_LABELS.search(text, begin, end)) is not None:
        host_end = _end_of_host(text, _LATIN_LABELS, labels.start(), end, domains)
        if host_end is not None:
            yield labels.start(), host_end
        begin = host_end or labels.end()


def _end_of_host(text: str, labels: re.Pattern[str], begin: int, limit: int, domains: Mapping[int, int]) -> int | None:
    """Return where the longest host ends that begins here; None where none does."""
    found = labels.match(text, begin, min(limit, begin + _LONGEST_HOST))
    if found is None:
        return None
    dots = range(found.end() - 1, begin - 1, -1)
    for dot in (dot for dot in dots if dot in domains and domains[dot] <= limit):
        # The name right before the top-level domain has no underscore; those before it may have.
        if "_" not in text[max(begin, text.rfind(".", begin, dot) + 1) : dot]:
            return domains[dot]
    return None


def _domains_in(text: str, begin: int, end: int) -> Mapping[int, int]:
    """Return where each top-level domain in a part of a text ends, by the dot before it."""
    dots = (at for at in range(begin, end) if text[at] == ".")
    return {dot: domain_end for dot in dots if (domain_end := _end_of_domain(text, dot + 1)) is not None}


def _end_of_domain(text: str, begin: int) -> int | None:
    """Return where the top-level domain ends that begins here; None where none does."""
    domains, in_other_scripts = _top_level_domains()
    label = _ASCII_LABEL.match(text, begin)
    if label and label[0].lower() in domains and text[label.end() : label.end() + 1] not in _NEVER_BEHIND_HOSTS:
        return label.end()
    found = in_other_scripts.match(text, begin) or _PUNYCODE.match(text, begin)
    return found.end() if found else None


@cache
def _top_level_domains() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return those in Latin letters, and a pattern of the others, which may stand right before other words."""
    rules = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text("utf-8")
    _, _, rules = rules.partition("===BEGIN ICANN DOMAINS===")
    rules, _, _ = rules.partition("===END ICANN DOMAINS===")
    lines = (line.split(maxsplit=1)[0] for line in rules.splitlines() if line.strip() and not line.startswith("//"))
    domains = {line.rpartition(".")[2].removeprefix("!") for line in lines}
    others = sorted((domain for domain in domains if not domain.isascii()), key=len, reverse=True)
    return (
        frozenset(domain for domain in domains if domain.isascii()),
        re.compile(rf"(?:{'|'.join(map(re.escape, others))})(?![0-9a-zA-Z@+-])", re.IGNORECASE),
    )


def _is_valid_host(host: str) -> bool:
    """Return whether every label can be written as the name of a host: at most 63 characters in Punycode."""
    if host.startswith("xn--") and not host.isascii():
        return False
    return all(
        len(label) <= _LONGEST_LABEL and _length_in_punycode(label) <= _LONGEST_LABEL for label in host.split(".")
    )


def _length_in_punycode(label: str) -> int:
    return len(label) if label.isascii() else len("xn--") + len(label.encode("punycode"))


def _end_of_path(text: str, begin: int) -> int:
    found = _PATH.match(text, begin)
    return begin + len(found[0].rstrip(_NOT_LAST_IN_PATHS)) if found else begin


def _end_of_query(text: str, begin: int) -> int:
    found = _QUERY.match(text, begin)
    return begin + len(found[0].rstrip(_NOT_LAST_IN_QUERIES)) if found else begin
