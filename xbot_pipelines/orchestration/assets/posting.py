"""The asset of posting: a graph of four ops, each a step of `systems.posting`.

The steps are ops so that the UI shows which one a run is in, and none is ever retried: what a crash leaves behind is
settled by the next run.
"""

from dataclasses import dataclass

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Attempt, Result
from xbot_pipelines.orchestration.guards import BROWSER_POOL
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, failure, link, post_text, said
from xbot_pipelines.orchestration.runs import OWNERS, cost, provenance, wall_metadata, walls_heeded
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.claiming import Blocked, NothingDue
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.shown import Due
from xbot_pipelines.systems import dry_run, posting
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.dry_run import Shown
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.text.escape import for_log, for_terminal
from xbot_pipelines.x.api.prices import dollars
from xbot_pipelines.x.client import Posted, PublishResult, Refused, Unknown


@dataclass(frozen=True)
class Tried:
    """An attempt, and what is known of it."""

    attempt: Attempt
    result: PublishResult


@dg.op(pool=BROWSER_POOL, ins={"content": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def settle(
    context: dg.OpExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> None:
    """Settles what earlier runs left open: found on the own timeline, proven absent, or still unknown."""
    # From here to the end of the run nobody else publishes: an open attempt can only be a dead run's.
    browser.lease()
    try:
        with walls_heeded(context, settings, database, clock):
            summary = posting.settle(database, settings.profile, browser.client, clock=clock, by=provenance(context))
    except Standstill as standstill:
        # The claim meets the same standstill, and says so as this run's result.
        context.log.info("Nothing was settled: %s", for_log(str(standstill)))
        return
    context.log.info(
        "Settled: %d found, %d absent, %d still unknown, %d expired, %d sent by hand",
        summary.found,
        summary.absent,
        summary.still_unknown,
        summary.expired,
        summary.sent_by_hand,
    )


@dg.op(pool=BROWSER_POOL, ins={"settled": dg.In(dg.Nothing)}, out=dg.Out(dg.Any))
def claim(
    context: dg.OpExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> Attempt | Due | NothingDue | Blocked:
    """Takes the next due decision, and writes down the attempt before anything else happens.

    In a dry run it takes none: there is no attempt then, and without one nothing is published.
    """
    if settings.profile.publishing.dry_run:
        return dry_run.next_to_show(database, settings.profile, now=clock.now())
    return posting.claim(database, settings.profile, clock=clock, by=provenance(context))


@dg.op(pool=BROWSER_POOL, ins={"claimed": dg.In(dg.Any)}, out=dg.Out(dg.Any))
def publish(
    context: dg.OpExecutionContext,
    claimed: Attempt | Due | NothingDue | Blocked,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> Tried | Shown | NothingDue | Blocked:
    """Types the text, clicks once, and says what is known of it. In a dry run it types, and there is no click."""
    match claimed:
        case Attempt():
            return Tried(claimed, posting.publish(database, claimed, browser, clock=clock))
        case Due():
            by = provenance(context)
            try:
                with walls_heeded(context, settings, database, clock):
                    return dry_run.show(database, claimed, browser.client, clock=clock, by=by)
            except Standstill as standstill:
                return Blocked(str(standstill))
        case _:
            return claimed


@dg.op(pool=BROWSER_POOL, ins={"tried": dg.In(dg.Any)}, out=dg.Out(dg.Nothing))
def record(
    context: dg.OpExecutionContext,
    tried: Tried | Shown | NothingDue | Blocked,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> None:
    """Writes down what became of it, in one transaction; of what a dry run shows, only the run's own metadata."""
    match tried:
        case NothingDue():
            metadata = said(Result.NOTHING_TO_DO, "no decision is due")
        case Blocked(reason=reason):
            metadata = said(Result.BLOCKED, reason)
        case Shown():
            metadata = _what_would_be_sent(tried)
            context.log.info("%s", for_log(metadata["reason"].value))
            context.log.info("The text:\n%s", for_terminal(tried.due.text))
        case Tried(attempt=attempt, result=result):
            posting.record(database, settings.profile, attempt, result, clock=clock, by=provenance(context))
            metadata = _what_became_of(attempt, result, settings)
    context.add_output_metadata({**metadata, **cost(browser)})


def _what_would_be_sent(shown: Shown) -> Metadata:
    """Answers what the UI shows of a dry run: the text, where it would go, by which way, at what price."""
    due, target = shown.due, shown.due.target
    answers = "" if target is None else f" as an answer to @{target.author_handle}'s post {target.post_id}"
    metadata: Metadata = {"decision": str(due.decision_id), "text": post_text(due.text)}
    if target is not None:
        metadata["answers"] = post_text(target.text)
    if shown.prepared is None:
        return {**said(Result.BLOCKED, f"dry run: it would not be sent{answers}: {shown.refusal}"), **metadata}
    usd = shown.prepared.usd
    price = "" if usd is None else f", for {dollars(usd)}"
    sentence = f"dry run: this would be sent now{answers}, by {shown.prepared.way}{price}. Nothing was"
    return {**said(Result.BLOCKED, sentence), **metadata}


def _what_became_of(attempt: Attempt, result: PublishResult, settings: Settings) -> Metadata:
    """Answers what the UI shows of an attempt; an attempt that met a wall fails its run."""
    shown: Metadata = {
        "decision": str(attempt.decision_id),
        "text": post_text(attempt.text),
        "try": attempt.number,
    }
    match result:
        case Posted(post_id=post_id, evidence=evidence, note=note):
            address = f"{settings.x_url}/{settings.profile.handle}/status/{post_id}"
            shown |= {"post": link(address), "evidence": evidence.value}
            if note is not None:
                shown["note"] = note
            return {**said(Result.DONE, None), **shown}
        case Unknown(reason=reason):
            return {**said(Result.BLOCKED, f"unknown, to be looked up: {reason}"), **shown}
        case Refused(message=message, wall=None):
            return {**said(Result.BLOCKED, f"refused: {message}"), **shown}
        case Refused(message=message, wall=Standstill()):
            return {**said(Result.BLOCKED, message), **shown}
        case Refused(message=message, wall=wall):
            assert wall is not None, "the case without a wall stands above"
            raise failure(message, {**shown, **wall_metadata(wall)})


@dg.graph_asset(
    key_prefix=ACCOUNT,
    name="posted_decisions",
    group_name="posting",
    owners=OWNERS,
    kinds={"postgres", "playwright"},
    ins={
        "content_metadata": dg.AssetIn(key=[ACCOUNT, "content_metadata"], dagster_type=dg.Nothing),
        "reply_drafts": dg.AssetIn(key=[ACCOUNT, "reply_drafts"], dagster_type=dg.Nothing),
    },
    description="What is on X: every post of ours with its id, what proves it, and the run and version that sent it. "
    "Publishing writes the placeholder of the post's outcome along with it.",
)
def posted_decisions(content_metadata, reply_drafts):  # type: ignore[no-untyped-def]  # Dagster calls it with its own handles
    """Settles, claims, publishes and records."""
    return record(publish(claim(settle([content_metadata, reply_drafts]))))
