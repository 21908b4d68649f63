"""Takes a prompt apart: what it says itself, and what it quotes between `<<<` and `>>>`, data of somebody else.

Nothing in the data is ever taken for a heading or a field. What the parts mean is decided in `assignment` and in
`judging`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Data that ends in ">" stands before more than three of them: the last three are the mark.
_DATA = re.compile(r"<<<(.*?)>>>(?!>)", re.DOTALL)
_PLACE = re.compile(r"<<<(\d+)>>>")
_HEADING = re.compile(
    r"^(?![\s>*]*[-•\d])[\s>*#]*(?P<name>[A-Za-z][^:<>\n]{0,80}?)[\s*]*:[\s*]*(?P<rest><<<\d+>>>.*)?$"
)
_IN_QUOTATION_MARKS = re.compile(r"^[\s*•-]*[\"“](.+?)[\"”]\s*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading; the heading is in small letters, and empty above the first."""

    heading: str
    lines: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in two layers.

    Attributes:
        instructions: What it says itself; `<<<n>>>` stands where it quotes `data[n]`.
        data: What it quotes, in order.
    """

    instructions: str
    data: Sequence[str]

    def sections(self) -> list[Section]:
        """The prompt by its headings: lines that end with a colon, or have nothing but data behind it."""
        found = [("", [""])]
        for line in self.instructions.splitlines():
            heading = _HEADING.match(line)
            if heading is None:
                found[-1][1].append(line)
            else:
                found.append((heading["name"].strip().lower(), [heading["rest"] or ""]))
        return [Section(heading, "\n".join(lines)) for heading, lines in found]

    def quoted_in(self, lines: str) -> list[str]:
        """The data that these lines of the instructions quote."""
        return [self.data[int(place)].strip() for place in _PLACE.findall(lines)]

    def texts_of(self, section: Section) -> list[str]:
        """The texts that a section lists: its data, else what stands in quotation marks, else its first lines."""
        texts = self.quoted_in(section.lines) or _IN_QUOTATION_MARKS.findall(section.lines)
        if not texts:
            paragraph = section.lines.lstrip("\n").split("\n\n", maxsplit=1)[0]
            texts = [line.lstrip(" -*•") for line in paragraph.splitlines()]
        return [text.strip() for text in texts if text.strip()]


def take_apart(prompt: str) -> Prompt:
    """Parts what is quoted in a prompt from what it says itself."""
    data: list[str] = []

    def place(found: re.Match[str]) -> str:
        data.append(found[1])
        return f"<<<{len(data) - 1}>>>"

    return Prompt(_DATA.sub(place, prompt), data)
