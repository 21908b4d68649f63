"""When two offers are the same news: their links, and their titles, as they were measured."""

import pytest

from xbot_pipelines.store.same_news import Title, canonical_link, same_guid, same_page_links

SAME = (
    ("Short walks after meals lower blood sugar, study finds", "Study finds short walks after meals lower blood sugar"),
    (
        "Short walks after meals lower blood sugar, study finds",
        "Short walks after meals lower blood sugar, study finds - The Example Times",
    ),
    ("Screen time before bed delays sleep in teenagers", "Screen time before bed delays sleep in teens"),
    (
        "New guidelines: adults should strength train twice a week",
        "Adults should strength train twice a week, new guidelines say",
    ),
    ("UPDATE: City opens 40 km of new walking paths", "City opens 40 km of new walking paths"),
    (
        "Sleep loss costs economy billions, report says",
        "Sleep loss costs the economy billions, report says | Health News",
    ),
    ("Why morning sunlight helps you sleep", "Why morning sunlight helps you sleep better"),
    ("Study: Naps of 20 minutes improve focus", "Naps of 20 minutes improve focus, according to a study"),
    (
        "Drinking more water does not cure headaches, trial shows",
        "Trial shows drinking more water does not cure headaches",
    ),
    ("Trinkwasser: Was der Körper wirklich braucht", "Trinkwasser – was der Körper wirklich braucht"),
    ("Dormir mal afecta a la memoria, según un estudio", "Según un estudio, dormir mal afecta a la memoria"),
    ("Heat wave: how to stay hydrated", "Heatwave: how to stay hydrated"),
    (
        "Breathing exercises reduce stress at work, large trial finds",
        "Large trial finds breathing exercises reduce stress at work (video)",
    ),
    ("Rest days matter more than you think, coaches say", "Coaches say rest days matter more than you think"),
)
MISSED = (
    ("WHO: one in four adults does not move enough", "One in four adults doesn't move enough, WHO says"),
    (
        "Mediterranean diet linked to better sleep in older adults",
        "Mediterranean diet linked to better sleep in older people",
    ),
)
"""The same news too, but as far apart as titles of different news are: one of them is offered twice."""

DIFFERENT = (
    ("Sleep", "Sleep study shows naps help memory"),
    ("Walking", "Walking after lunch lowers blood sugar"),
    ("Screen time before bed delays sleep in teenagers", "Screen time at school harms focus in teenagers"),
    ("Magnesium and sleep: what the evidence says", "Melatonin and sleep: what the evidence says"),
    ("Walking 5,000 steps a day is enough, study says", "Walking 10,000 steps a day is enough, study says"),
    ("Sleep podcast: episode 12", "Sleep podcast: episode 13"),
    ("How to sleep better in summer", "How to sleep better in winter"),
    ("Study finds coffee improves focus", "Study finds coffee disturbs focus"),
    ("Study finds coffee improves focus", "Study finds naps improve focus"),
    ("Five stretches for stiff hips", "Five stretches for stiff shoulders"),
    ("WHO warns of heat stress", "WHO warns of measles outbreak"),
    ("Is strength training safe for children?", "Is strength training safe during pregnancy?"),
    ("New study on sleep", "New study on stress"),
    ("What to eat before a run", "What to eat after a run"),
    ("Morning sunlight improves mood, trial finds", "Evening sunlight delays sleep, trial finds"),
    ("Health news of the week", "Health news: sleep trial of the week stopped"),
    ("Air pollution and walking: is it safe?", "Walking and blood pressure: is it safe?"),
    ("Wie viel Wasser am Tag ist gesund?", "Wie viel Salz am Tag ist gesund?"),
    ("Cuánto hay que dormir a los 40", "Cuánto hay que dormir a los 60"),
    ("Vitamin D does not prevent falls, review finds", "Vitamin D does not prevent depression, review finds"),
    ("Running shoes: the best of 2026", "Walking shoes: the best of 2026"),
    ("Breathing exercises reduce stress at work", "Breathing exercises reduce pain at birth"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_titles_of_the_same_news_are_the_same(one: str, other: str) -> None:
    assert Title.of(one).is_same_as(Title.of(other))
    assert Title.of(other).is_same_as(Title.of(one))


@pytest.mark.parametrize(("one", "other"), [*DIFFERENT, *MISSED])
def test_titles_of_different_news_are_not(one: str, other: str) -> None:
    assert not Title.of(one).is_same_as(Title.of(other))


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("HTTPS://Example.ORG/Path", "https://example.org/Path"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org:443/a#part", "https://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org/a?utm_source=rss&utm_medium=feed", "https://example.org/a"),
        ("https://example.org/a?id=7&utm_source=rss&fbclid=x", "https://example.org/a?id=7"),
        ("https://example.org/a?b=1&a=%20x", "https://example.org/a?b=1&a=%20x"),
        ("https://example.org/?page", "https://example.org/?page"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("https://example.org:port/", "https://example.org:port/"),
    ],
)
def test_a_link_is_written_in_one_way(link: str, canonical: str) -> None:
    assert canonical_link(link) == canonical
    assert canonical_link(canonical) == canonical


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/a/?b=1",
        "https://www.example.org/a/?b=1",
        "https://example.org:443/a/?b=1&utm_source=rss&fbclid=x#top",
        "HTTP://WWW.Example.org/a/?mc_cid=1&b=1",
    ],
)
def test_a_page_is_the_same_over_https_with_www_and_however_it_is_tracked(link: str) -> None:
    assert canonical_link("https://example.org/a/?b=1") in same_page_links(link)


@pytest.mark.parametrize(
    "link", ["https://example.org/a?b=1", "https://example.org/a/", "https://m.example.org/a/?b=1"]
)
def test_another_page_is_not_the_same(link: str) -> None:
    assert canonical_link("https://example.org/a/?b=1") not in same_page_links(link)


def test_a_guid_that_is_an_address_is_compared_as_one() -> None:
    assert same_guid("http://example.org/?p=1", "https://www.example.org/?p=1&utm_medium=rss")
    assert same_guid("tag:1", "tag:1")
    assert not same_guid("tag:1", "tag:2")
    assert not same_guid("https://example.org/?p=1", "https://example.org/?p=2")
