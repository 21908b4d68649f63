"""Reading feeds: RSS and Atom as they are in the world, and what is no feed at all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from xbot_pipelines.feeds.errors import FeedFailed
from xbot_pipelines.feeds.reading import Contents, read_feed
from xbot_pipelines_tests.feeds.site import item, rss

CASES = Path(__file__).parents[3] / "shared" / "cases" / "feeds"
FEED = "https://example.org/feed.xml"
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/blog/"><title>A</title><entry>
<title type="html">Walk &amp;lt;b&amp;gt;more&amp;lt;/b&amp;gt;</title><link href="posts/1"/>
<updated>2026-03-02T10:00:00+01:00</updated><summary>Ten minutes.</summary></entry></feed>"""


def read(content: bytes | str, content_type: str = "application/xml") -> Contents:
    given = content.encode() if isinstance(content, str) else content
    return read_feed(given, url=FEED, address="https://example.org/news/feed.xml", content_type=content_type)


def failure(content: bytes | str) -> str:
    with pytest.raises(FeedFailed) as failed:
        read(content)
    return str(failed.value)


def test_rss_is_read() -> None:
    html = "<description><![CDATA[<p>Ten <b>minutes</b>.</p>]]></description>"
    contents = read(rss(item("Walk &amp;amp; rest", "https://example.org/1", "Mon, 02 Mar 2026 10:00:00 GMT") + html))
    [entry] = contents.entries
    assert (entry.title, entry.link, entry.summary) == ("Walk & rest", "https://example.org/1", "Ten minutes.")
    assert entry.published_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert (contents.refused, contents.flaw) == ({}, None)


def test_atom_is_read() -> None:
    [entry] = read(ATOM).entries
    assert (entry.title, entry.link, entry.summary) == ("Walk more", "https://example.org/blog/posts/1", "Ten minutes.")
    assert entry.published_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("/a?b=c", "https://example.org/a?b=c"),
        ("a", "https://example.org/news/a"),
        ("//other.example/a", "https://other.example/a"),
        (" https://example.org/a ", "https://example.org/a"),
    ],
)
def test_a_relative_link_begins_where_the_feed_was_found(link: str, absolute: str) -> None:
    [entry] = read(rss(item("A", link))).entries
    assert entry.link == absolute


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Mon, 02 Mar 2026 10:00:00 +0100", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 10:00:00 EST", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 10:00:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02T10:00:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("yesterday", None),
        ("Mon, 30 Feb 2026 10:00:00 GMT", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("", None),
    ],
)
def test_f27_a_date_is_utc_or_unknown(date: str, moment: datetime | None) -> None:
    [entry] = read(rss(item("A", "https://example.org/a", date))).entries
    assert entry.published_at == moment


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2026/3/29 15:07:41", datetime(2026, 3, 29, 15, 7, 41, tzinfo=UTC)),
        ("2026/03/29", datetime(2026, 3, 29, tzinfo=UTC)),
        ("2026.03.29 15:07", datetime(2026, 3, 29, 15, 7, tzinfo=UTC)),
        ("2026-3-9 15:07:41 +0200", datetime(2026, 3, 9, 13, 7, 41, tzinfo=UTC)),
        ("29/03/2026 15:07", datetime(2026, 3, 29, 15, 7, tzinfo=UTC)),
        ("3/29/2026 3:07 PM", datetime(2026, 3, 29, 15, 7, tzinfo=UTC)),
        ("29.03.2026", datetime(2026, 3, 29, tzinfo=UTC)),
        ("3/4/2026", None),
        ("13/13/2026", None),
        ("1774796861", datetime(2026, 3, 29, 15, 7, 41, tzinfo=UTC)),
        ("1774796861000", datetime(2026, 3, 29, 15, 7, 41, tzinfo=UTC)),
        ("0", None),
        ("2026", None),
        ("03/29", None),
        ("15:07:41", None),
        ("March 2026", None),
        ("29 March 2026", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Sun, 29 Mar 2026 15:07:41 GMT", datetime(2026, 3, 29, 15, 7, 41, tzinfo=UTC)),
        ("2026-03-29T15:07:41.5Z", datetime(2026, 3, 29, 15, 7, 41, tzinfo=UTC)),
    ],
)
def test_a_date_is_what_it_says_or_unknown_and_never_of_this_month(date: str, moment: datetime | None) -> None:
    [entry] = read(rss(item("A", "https://example.org/a", date))).entries
    assert entry.published_at == moment


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Intent to unship: &lt;a&gt; as &lt;area&gt; in maps", "Intent to unship: <a> as <area> in maps"),
        ("Use &lt;b&gt; not &lt;strong&gt;", "Use <b> not <strong>"),
        ("Option&lt;Vec&lt;T&gt;&gt;", "Option<Vec<T>>"),
        ("Why &lt;img&gt; is slow", "Why <img> is slow"),
        ("A &lt;b&gt;short &lt;i&gt;walk&lt;/i&gt;&lt;/b&gt;", "A short walk"),
        ("A&lt;br/&gt;walk", "A walk"),
        ("R&amp;D", "R&D"),
        ("R&D", "R&D"),
        ("AT&T&copy", "AT&T&copy"),
        ("AT&amp;amp;T", "AT&T"),
        ("How to write &amp;amp;amp;", "How to write &amp;"),
        ("A &amp;notit; B", "A &notit; B"),
        ("It&amp;#8217;s", "It\u2019s"),
        ("&lt;![CDATA[Sleep well tonight]]&gt;", "Sleep well tonight"),
        ("<![CDATA[R&D &amp; more <b>now</b>]]>", "R&D & more now"),
    ],
)
def test_words_of_a_title_that_look_like_markup_stay(written: str, title: str) -> None:
    contents = read(rss(item(written, "https://example.org/a/?b=1&c=2")))
    assert [(entry.title, entry.link) for entry in contents.entries] == [(title, "https://example.org/a/?b=1&c=2")]


PICTURE = '<link rel="enclosure" type="image/jpeg" href="https://img.example/x.jpg"/>'
PAGE = '<link rel="alternate" type="text/html" href="https://news.example/a/"/>'


@pytest.mark.parametrize(
    "links",
    [
        PICTURE + PAGE,
        PAGE + PICTURE,
        PAGE + '<link rel="enclosure" type="image/jpeg">https://img.example/x.jpg</link>',
        '<link rel="self" href="https://news.example/a.json"/>' + PAGE,
        '<link type="application/json" href="https://news.example/a.json"/>' + PAGE,
        '<link href="https://news.example/a/"/>' + PICTURE,
    ],
)
def test_the_link_of_an_entry_is_the_articles_and_keeps_its_last_slash(links: str) -> None:
    [entry] = read(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title>{links}</entry></feed>').entries
    assert entry.link == "https://news.example/a/"


def test_an_entry_with_nothing_but_a_recording_has_no_link() -> None:
    recording = '<title>A</title><enclosure url="https://a.example/a.mp3" type="audio/mpeg"/>'
    contents = read(rss(recording, f"{recording}<guid>https://a.example/a</guid>"))
    assert [entry.link for entry in contents.entries] == ["https://a.example/a"]
    assert contents.refused == {"without a link": 1}


@pytest.mark.skipif(not CASES.is_dir(), reason=f"no cases in {CASES}")
@pytest.mark.parametrize(
    ("name", "title", "link", "moment"),
    [
        ("08a_date_with_slashes", "A title", "https://news.example/a", datetime(2026, 3, 29, 15, 7, 41, tzinfo=UTC)),
        (
            "08c_title_names_tags",
            "Intent to unship: <a> as <area> in image maps",
            "https://news.example/a",
            None,
        ),
        ("08g_title_escaped_cdata", "Sleep well tonight", "https://news.example/a", None),
        ("08i_atom_enclosure_without_href", "A title", "https://news.example/a", None),
    ],
)
def test_the_cases_of_other_projects_reports(name: str, title: str, link: str, moment: datetime | None) -> None:
    [entry] = read((CASES / f"{name}.xml").read_bytes()).entries
    assert (entry.title, entry.link, entry.published_at) == (title, link, moment)


def test_no_date_is_unknown() -> None:
    [entry] = read(rss(item("A", "https://example.org/a"))).entries
    assert entry.published_at is None


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<link>https://example.org/a</link>", "without a title"),
        (item("&lt;b&gt;&lt;/b&gt;", "https://example.org/a"), "without a title"),
        ("<title>A</title>", "without a link"),
        (item("A", "javascript:alert(1)"), "with a link that is no web address"),
        (item("A", "data:text/html,x"), "with a link that is no web address"),
        (item("A", "ftp://example.org/a"), "with a link that is no web address"),
        (item("A", "https://bank.example@example.org/"), "with a link that is no web address"),
        (item("A", "https://example.org/a b"), "with a link that is no web address"),
        (item("A", "https://example.org/\u202ea"), "with a link that is no web address"),
        (item("A", "https://example.org/" + "a" * 2000), "with a link that is no web address"),
    ],
)
def test_an_entry_that_cannot_be_used_is_counted_with_its_reason(inside: str, reason: str) -> None:
    contents = read(rss(inside, item("B", "https://example.org/b")))
    assert [entry.title for entry in contents.entries] == ["B"]
    assert contents.refused == {reason: 1}


def test_a_feed_without_end_is_read_as_far_as_it_is_news() -> None:
    contents = read(rss(*[item(f"Title {number}", f"https://example.org/{number}") for number in range(250)]))
    assert len(contents.entries) == 200
    assert contents.refused == {"behind the first 200": 50}


def test_malformed_xml_is_read_as_far_as_it_goes_and_said() -> None:
    contents = read(rss(item("A", "https://example.org/a"), "<title>B & C")[:-20])
    assert contents.entries[0].title == "A"
    assert contents.flaw is not None
    assert contents.flaw.startswith("is malformed XML in line 1 (")


def test_malformed_xml_of_which_nothing_is_left_is_one_sentence() -> None:
    sentence = failure("<rss version='2.0'>\n<channel><title>x</channel>")
    assert (
        sentence
        == f"{FEED} is malformed XML in line 2 (mismatched tag), and nothing of it could be read: its owner should know"
    )


def test_an_empty_feed_is_no_failure_and_is_said() -> None:
    contents = read(rss())
    assert (contents.entries, contents.refused, contents.flaw) == ((), {}, "has no entries")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "answered nothing at all: look for the address of the feed itself"),
        (" \n ", "answered nothing at all: look for the address of the feed itself"),
        ("<!doctype html><html><body>Hi", "is a web page, not a feed: look for the address of the feed itself"),
        (
            '{"version": "https://jsonfeed.org/version/1.1"}',
            "is neither RSS nor Atom: look for the address of the feed",
        ),
        ("<urlset><url/></urlset>", "is neither RSS nor Atom: look for the address of the feed itself"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is neither RSS nor Atom: look for the address of the feed itself"),
    ],
)
def test_what_is_no_feed_is_one_sentence(content: bytes | str, sentence: str) -> None:
    assert failure(content).startswith(f"{FEED} {sentence}")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_the_encoding_that_a_feed_names_is_used(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel><item><title>Müde</title>"
    contents = read(f"{text}<link>https://example.org/</link></item></channel></rss>".encode(encoding), "")
    assert contents.entries[0].title == "Müde"
    assert contents.flaw is None


def test_entities_of_their_own_neither_grow_nor_read_files() -> None:
    doctype = '<!DOCTYPE x [\n<!ENTITY a "&b;&b;">\n<!ENTITY b SYSTEM "file:///etc/hostname">\n]>\n'
    contents = read(
        doctype.encode() + b"<rss version='2.0'><channel><item><title>x&a;&b;</title>"
        b"<link>https://example.org/</link></item></channel></rss>"
    )
    assert contents.entries[0].title == "x&a;&b;"
