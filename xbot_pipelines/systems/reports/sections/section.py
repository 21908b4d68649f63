"""What every section of a report is: a value that can say itself in a sentence, in a figure and in a picture."""

from typing import NamedTuple


class Headline(NamedTuple):
    """The one figure that a section has at the head of the report."""

    name: str
    figure: str


class Section:
    """A section of a report. What it has nothing to say of, it leaves as it is here."""

    @property
    def in_short(self) -> str:
        """Its part of the summary, in whole sentences; empty: it has none."""
        return ""

    @property
    def headline(self) -> Headline | None:
        """Its figure at the head of the report."""
        return None

    def picture(self) -> str | None:
        """Its picture inside Markdown, or the sentence that says why nothing is drawn. None: it never has one."""
        return None
