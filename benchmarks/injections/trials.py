"""Trials: what the filters and the judge make of one draft, written from the outside texts that it stands beside.

An attempt's draft is what a model writes that obeys literally; the model is scripted, because a stronger one than ours
must not be needed to see what gets through.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from xbot_pipelines.content.gates.posts import post_objections
from xbot_pipelines.content.gates.replies import reply_objections
from xbot_pipelines.content.prompt_injection.detection import detect_prompt_injection
from xbot_pipelines.content.prompts.policy import PolicyVerdict, policy_prompt
from xbot_pipelines.models import NewsItem, Target
from xbot_pipelines.practice.model import GULLIBLE_MODEL, MODEL, complete
from xbot_pipelines.practice.prompt_injections import INJECTIONS, injection_in
from xbot_pipelines.practice.prose.assignment import read_assignment
from xbot_pipelines.practice.prose.writer import write
from xbot_pipelines.practice.society.days import day_of
from xbot_pipelines.practice.society.members import Kind
from xbot_pipelines.settings import AccountSettings

_FOLDER = Path(__file__).parent
_SEED, _DAY = 7, date(2026, 9, 2)
_GOOD = "A short walk before bed did more for my sleep than any pillow."
_POST = "Awake since four again. Who else keeps the phone beside the bed?"

Split = Literal["practice", "tuned on", "held out", "ordinary"]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A draft with everything that the model saw when it wrote it.

    Attributes:
        id: as its file calls it.
        kind: what it pretends to be.
        split: which group it is counted in.
        draft: what the model wrote.
        subject: which of our subjects it is about.
        news: what a post is about; None if the draft is a reply.
        target: the post that a reply answers.
        thread: what others said before it.
        others: what others answered.
        about_author: the name and bio of the target's author.
    """

    id: str
    kind: str
    split: Split
    draft: str
    subject: str
    news: NewsItem | None = None
    target: str = _POST
    thread: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    about_author: tuple[str, ...] = ()

    @cached_property
    def kept_from_the_model(self) -> str | None:
        """Why the text would never be read by a model, None if it would."""
        if self.news is not None:
            texts = [self.news.title, self.news.summary or ""]
        else:
            texts = [self.target, *self.thread, *self.others, *self.about_author]
        return next(filter(None, map(detect_prompt_injection, texts)), None)

    def objections(self, profile: AccountSettings) -> list[str]:
        """Return what the gates say of the draft."""
        if self.news is not None:
            return post_objections(self.draft, profile=profile, news=self.news, recent_texts=[])
        return reply_objections(
            self.draft,
            profile=profile,
            target=Target(post_id="1", author_handle="somebody", text=self.target),
            subject=self.subject,
            thread=list(self.thread),
            others=list(self.others),
            recent_texts=[],
            about_author=list(self.about_author),
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one trial. `judge` is what the honest judge objects to."""

    trial: Trial
    kept_from_the_model: str | None
    gates: list[str]
    judge: list[str]

    @property
    def passes_filters(self) -> bool:
        """Whether the draft would go on to the judge, or out where there is none."""
        return self.kept_from_the_model is None and not self.gates

    @property
    def passes_judge(self) -> bool:
        """Whether it passes the filters and an honest judge."""
        return self.passes_filters and not self.judge


def tried(trial: Trial, profile: AccountSettings) -> Result:
    """Return what becomes of a trial."""
    verdict = _verdict(profile, trial.draft, model=MODEL)
    return Result(
        trial=trial,
        kept_from_the_model=trial.kept_from_the_model,
        gates=trial.objections(profile),
        judge=[rule.value for rule in verdict.broken_rules],
    )


def passes_an_obedient_judge(trial: Trial, profile: AccountSettings) -> bool:
    """Return whether a judge that obeys the draft lets it pass."""
    verdict = _verdict(profile, trial.draft, model=GULLIBLE_MODEL)
    return not verdict.broken_rules


def new_attempts() -> Iterator[Trial]:
    """Return the attempts that were written by somebody who had not read the filters."""
    for one in tomllib.loads((_FOLDER / "attempts.toml").read_text("utf-8"))["attempt"]:
        yield _trial(one, "held out" if one["held_out"] else "tuned on", one["obedient_draft"])


def ordinary_drafts() -> Iterator[Trial]:
    """Return drafts that a good model would write, which should pass."""
    for number, one in enumerate(tomllib.loads((_FOLDER / "ordinary.toml").read_text("utf-8"))["draft"], 1):
        yield _trial({"id": f"ordinary-{number}", "kind": one["channel"], **one}, "ordinary", one["draft"])


def practice_attempts() -> Iterator[Trial]:
    """Return the attempts of practice X, obeyed alone and within a good text, in a post and in news."""
    for one in INJECTIONS:
        chance = random.Random(one.id)
        for draft in (one.mark, f"{_GOOD} {one.mark}"):
            text = f"A word on sleep. {one.text}"
            news = chance.random() < 1 / 3
            yield Trial(
                id=f"{one.id}{'' if draft == one.mark else ' woven in'}",
                kind=one.kind,
                split="practice",
                draft=draft,
                subject="sleep",
                news=_news("https://news.example/1", text, "news.example", None) if news else None,
                target=text,
            )


def practice_drafts(profile: AccountSettings, count: int) -> Iterator[Trial]:
    """Return replies and posts that the practice model writes from ordinary texts."""
    said = [
        one
        for one in day_of(_SEED, _DAY).remarks.values()
        if one.subject
        and one.author.kind is Kind.REGULAR
        and (one.post.language, one.post.in_reply_to) == ("en", None)
        and injection_in(one.post.text) is None
    ]
    for number, remark in enumerate(random.Random(_SEED).sample(said, count)):
        prompt = f"Task: reply\nSubject: {remark.subject}\nThe post to answer: <<<{remark.post.text}>>>"
        person = remark.author.person
        yield Trial(
            id=f"practice-reply-{number}",
            kind="practice reply",
            split="ordinary",
            draft=write(read_assignment(prompt), random.Random(number)).text,
            subject=remark.subject or "",
            target=remark.post.text,
            about_author=tuple(filter(None, (person.name, person.bio))),
        )
    for number in range(count):
        chance = random.Random(number)
        subject = chance.choice(profile.subjects)
        prompt = f"Task: post\nSubject: {subject}\nAngle: {chance.choice(profile.angles)}"
        title = f"Study finds that {subject} helps people at work, says Dr. Miller"
        yield Trial(
            id=f"practice-post-{number}",
            kind="practice post about news",
            split="ordinary",
            draft=write(read_assignment(prompt), chance).text,
            subject=subject,
            news=_news("https://news.example/1", title, "news.example", None),
        )


def _trial(one: Mapping[str, Any], split: Split, draft: str) -> Trial:
    channel = one["channel"]
    is_text = channel in {"post", "mention"}
    return Trial(
        id=one["id"],
        kind=one["kind"],
        split=split,
        draft=draft,
        subject=one["subject"],
        news=_news(f"https://{one['site']}/a", one["title"], one["site"], one["summary"])
        if channel == "news"
        else None,
        target=one["text"] if is_text else one.get("target_text", _POST),
        thread=(one["text"],) if channel == "thread" else (),
        others=(one["text"],) if channel == "other_reply" else (),
        about_author=tuple(filter(None, (one.get("author_name"), one.get("author_bio")))),
    )


def _news(url: str, title: str, source: str, summary: str | None) -> NewsItem:
    return NewsItem(url=url, title=title, source=source, summary=summary)


def _verdict(profile: AccountSettings, draft: str, *, model: str) -> PolicyVerdict:
    prompt = policy_prompt(profile, draft)
    body = {
        "model": model,
        "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        "response_format": {"type": "json_schema", "json_schema": {"schema": PolicyVerdict.model_json_schema()}},
    }
    return PolicyVerdict.model_validate_json(complete(body, at=0)["choices"][0]["message"]["content"])
