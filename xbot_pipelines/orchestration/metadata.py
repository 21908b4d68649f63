"""Metadata of runs. Only this module makes metadata values, so that nothing in them acts in the Dagster UI.

The UI renders Markdown with its images and links, and a page of its own may send mutations: an image in a stranger's
post would. So what others wrote is text, or a code block where its lines matter (the asset page puts the lines of a
text value on one). A `javascript:` address would be a link to click. Descriptions of check results are Markdown, too:
we give none.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dagster as dg

from xbot_pipelines.models import Result
from xbot_pipelines.pictures.drawing import embedded
from xbot_pipelines.text.escape import for_markdown_block, for_terminal

Metadata = dict[str, Any]
_LONGEST_SHOWN_AT_ONCE = 900
"""Markdown of a thousand characters or more is shown only after a click."""


def said(result: Result, reason: str | None, **metadata: Any) -> Metadata:
    """Return metadata that tells done, nothing to do and blocked apart, and why (F25)."""
    return shown({"result": result.value, **({"reason": reason} if reason else {}), **metadata})


def shown(metadata: Mapping[str, Any]) -> Metadata:
    """Return metadata with each plain string made safe to show; values that this module made stay as they are."""
    return {name: text(value) if isinstance(value, str) else value for name, value in metadata.items()}


def text(value: str) -> dg.MetadataValue[Any]:
    """Return a sentence, a name or an error."""
    return dg.MetadataValue.text(for_terminal(value))


def post_text(value: str) -> dg.MetadataValue[Any]:
    """Return the text of a post or a draft, with its line breaks and blank lines."""
    if "\n" not in value:
        return text(value)
    cut = value if len(value) <= _LONGEST_SHOWN_AT_ONCE else f"{value[:_LONGEST_SHOWN_AT_ONCE]}… ({len(value):,})"
    return dg.MetadataValue.md(for_markdown_block(cut))


def picture(markdown: str) -> dg.MetadataValue[Any]:
    """Return one of our own pictures, or the sentence that says why nothing was drawn."""
    return dg.MetadataValue.md(markdown) if embedded(markdown) is not None else text(markdown)


def sentences(lines: Iterable[str]) -> dg.MetadataValue[Any]:
    """Return sentences of ours, a line each."""
    return post_text("\n".join(lines))


def table(rows: Iterable[Mapping[str, Any]]) -> dg.TableMetadataValue:
    """Return rows with a value for each column; strings are shown as they were written."""
    return dg.MetadataValue.table(
        [
            dg.TableRecord({name: for_terminal(cell) if isinstance(cell, str) else cell for name, cell in row.items()})
            for row in rows
        ]
    )


def link(address: str) -> dg.MetadataValue[Any]:
    """Return an address to click if it leads to the web, else the address as text."""
    try:
        leads_to_the_web = urlsplit(address).scheme in {"http", "https"} and for_terminal(address) == address
    except ValueError:
        leads_to_the_web = False
    return dg.MetadataValue.url(address) if leads_to_the_web else text(address)


def timestamp(moment: datetime) -> dg.MetadataValue[Any]:
    """Return a moment, which the UI shows in its reader's timezone."""
    return dg.MetadataValue.timestamp(moment)


def json_value(value: Any) -> dg.MetadataValue[Any]:
    """Return lists and dictionaries of numbers and strings."""
    return dg.MetadataValue.json(_safe(value))


def path(file: Path) -> dg.MetadataValue[Any]:
    """Return a file of ours."""
    return dg.MetadataValue.path(for_terminal(str(file)))


def failure(sentence: str, metadata: Mapping[str, Any] | None = None) -> dg.Failure:
    """Return the failure of a run that is not tried again."""
    return dg.Failure(description=for_terminal(sentence), metadata=shown(metadata or {}), allow_retries=False)


def _safe(value: Any) -> Any:
    match value:
        case str():
            return for_terminal(value)
        case Mapping():
            return {for_terminal(str(name)): _safe(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_safe(inner) for inner in value]
    return value
