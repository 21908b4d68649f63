"""What a draft has to pass, case by case."""

import itertools
import random
import time

import pytest

from xbot_pipelines.content.gates.drafts import objections
from xbot_pipelines.practice.prose.assignment import ANGLES, FORMATS, HOOKS, TONES, read_assignment
from xbot_pipelines.practice.prose.subjects import SUBJECTS
from xbot_pipelines.practice.prose.writer import write

GOOD = "A short walk after lunch is the easiest habit I know."


def test_an_honest_short_post_passes() -> None:
    assert objections(GOOD, recent_texts=["Sleep begins in the morning, with light."]) == []


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        ("   \n", "empty"),
        ("x" * 281, "281 characters"),
        ("睡" * 141, "282 characters"),
        ("a." * 50_000, "100000 characters"),
        ("Read more at https://example.com/a", "link"),
        ("Read more at example.com", "link"),
        ("Read more at Example.Com", "link"),
        ("Read more at hxxps://sleep[.]shop", "link"),
        ("Read more at sleep dot com", "link"),
        ("Read more at sleep (dot) shop", "link"),
        ("Read more at sleepwell.example", "link"),
        ("Read more at sleepwell .com", "link"),
        ("Read more at ｓｌｅｅｐ．ｃｏｍ", "link"),
        ("Ends here.It goes on", "link"),
        ("As @somebody said: sleep well.", "mentions @somebody"),
        ("As ＠somebody said: sleep well.", "mentions ＠somebody"),
        ("Sleep well, or call 555-0163.", "telephone number"),
        ("Sleep well, or call +43 (1) 555 01 63.", "telephone number"),
        ("Sleep well: bc1q5d8vx2l0r3yk9c7ne4.", "telephone number"),
        ("Sleep well. #sleep", "hashtags (#sleep)"),
        ("Compare $SLEEP with $REST.A today.", "2 cashtags ($SLEEP, $REST.A)"),
        ("Sleep well. ＃schlaf", "hashtags"),
        ("Sleep WELL, and then ALWAYS walk.", "shouts (ALWAYS)"),
        ("Sleep well, A L W A Y S.", "shouts (ALWAYS)"),
        ("Sleep\u200b well.", "U+200B"),
        ("Sleep \u202ewell.", "U+202E"),
        ("Sleep well.\U000e0041", "U+E0041"),
        ("Sleep\twell.", "U+0009"),
        ("Sleep\u200dwell.", "U+200D"),
        ("𝗦𝗹𝗲𝗲𝗽 well, walk more.", "drawn like others"),
        ("Ⓢleep well, walk more.", "drawn like others"),
        ("Sl\u0435ep well, walk more.", "drawn like others"),
        ("S\u0336leep well, walk more.", "struck through"),
        ("As an AI, I never sleep.", "being a model"),
        ("I'm just a language model, but walking helps.", "being a model"),
        ("My instructions say that sleep matters.", "of a prompt"),
        ("The system prompt says that sleep matters.", "of a prompt"),
        ("SYSTEM: sleep well.", "plays a part"),
        ("Assistant: sleep well.", "plays a part"),
        ("Sleep well.\nUser: and then?", "plays a part"),
        ("Reply: sleep well.", "plays a part"),
        ("Sure! Here is my reply: sleep well.", "whoever asked"),
        ("Of course, here's a post about sleep: rest.", "whoever asked"),
        ("Certainly: sleep well.", "whoever asked"),
        ("```\nsleep well\n```", "markup"),
        ('{"text": "sleep well"}', "markup"),
        ("Sleep <b>well</b> tonight.", "markup"),
        ("Sleep **well** tonight.", "markup"),
        ("# Sleep\nIt is good.", "markup"),
        ("[Sleep](sleep) is good.", "markup"),
        ("Hello [name], sleep well.", "markup"),
        ("Take 400 mg of magnesium in the evening.", "medical instruction"),
        ("You can stop taking your medication once you walk daily.", "medical instruction"),
        ("Cold water cures depression.", "medical instruction"),
    ],
)
def test_what_must_not_be_published_is_named(text: str, objection: str) -> None:
    assert any(objection in found for found in objections(text, recent_texts=[]))


@pytest.mark.parametrize(
    "text",
    [
        "Ends with a sentence.Then goes on without a space",
        "An e-mail at work is not urgent @ all",
        "Drink a glass of water first, coffee later.",
        "Rest cures nothing, but it helps with most days.",
        "Family walk 👨‍👩‍👧, ☕️ and ❤️ at home 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Two lines\nare fine.",
        "Up at 6.30 a.m., e.g. on Mondays, and 3.5 km before work...",
        "Note to self: REM sleep, ADHD and COVID-19 are no small talk, says my NSAID leaflet.",
        "Sure, a nap helps. Okay, two.",
        "Of course I was told to rest.",
        "I can't help but smile at 5 a.m.",
        "Q: How much water?\nA: Until you are not thirsty.",
        "- Walk\n- Eat\n- Sleep <3",
        "Der 1º Tag: schön früh ins Bett, naïve Idee.",
        "My #1 rule: no phone after nine.",
        "Сон важнее всего, поверьте.",
        "睡眠は大切です。",
    ],
)
def test_harmless_texts_are_not_taken_for_harmful_ones(text: str) -> None:
    assert objections(text, recent_texts=[]) == []


def test_the_one_person_who_is_answered_may_be_named() -> None:
    assert objections("@Friend, that worked for me too.", recent_texts=[], allowed_mention="friend") == []


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.upper(),
        "The easiest habit I know is a short walk after lunch.",
        "A short walk after lunch: the easiest habit I know!",
    ],
)
def test_the_same_thing_said_again_is_turned_away(text: str) -> None:
    assert any("like an earlier post" in found for found in objections(text, recent_texts=["Something else.", GOOD]))


def test_what_the_practice_model_writes_passes() -> None:
    chance = random.Random(3)
    dimensions = {"Subject": SUBJECTS, "Angle": ANGLES, "Tone": TONES, "Format": FORMATS, "Hook": HOOKS}
    refused = {}
    for number in range(500):
        asked = "\n".join(f"{name}: {chance.choice(sorted(values))}" for name, values in dimensions.items())
        text = write(read_assignment(f"Write one post.\n{asked}"), random.Random(number)).text
        if found := objections(text, recent_texts=[]):
            refused[text] = found
    assert not refused


def test_sixty_days_of_posts_are_held_against_a_draft_at_once() -> None:
    """It takes 20 milliseconds on an ordinary machine."""
    things = itertools.product(range(60), ("sleep", "walk", "lift", "eat", "rest"), range(10))
    recent = [f"Day {day}, note {number}: I {what} a little more than before and see what comes of it, slowly." for
              day, what, number in things]  # fmt: skip
    assert len(recent) == 3000
    began = time.perf_counter()
    assert objections(GOOD, recent_texts=recent) == []
    assert any("like an earlier post" in found for found in objections(recent[2500].upper(), recent_texts=recent))
    assert time.perf_counter() - began < 2
