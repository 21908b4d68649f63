"""A rehearsal as an HTML page: one file that needs no other, with its pictures in it."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

from xbot_pipelines.operate.rehearsal.figures import Figures
from xbot_pipelines.operate.rehearsal.goals import Goal
from xbot_pipelines.operate.rehearsal.pictures import browser_picture, learning_picture
from xbot_pipelines.operate.rehearsal.virtual_time import STEP
from xbot_pipelines.pictures.checkpoints import lateness_picture, velocity_picture
from xbot_pipelines.pictures.day import day_picture
from xbot_pipelines.pictures.drawing import Embedded, embedded
from xbot_pipelines.pictures.followers import follower_picture
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.text.escape import for_template

_TEMPLATE = files("xbot_pipelines.operate.rehearsal").joinpath("templates/rehearsal.html")
_STYLE = files("xbot_pipelines.systems.reports").joinpath("templates/html/style.css")


def as_page(
    figures: Figures, goals: Sequence[Goal], profile: AccountSettings, *, seed: int, way: str, faults: str | None
) -> str:
    """Answers the page.

    Args:
        figures: what the rehearsal came to.
        goals: what it had to show.
        profile: whose rehearsal it was.
        seed: of which world.
        way: how X was reached, in words.
        faults: the name of the faults that were on.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=for_template
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        handle=profile.handle,
        figures=figures,
        goals=goals,
        seed=seed,
        way=way,
        faults=faults,
        step=int(STEP.total_seconds()),
        style=_STYLE.read_text(encoding="utf-8"),
        pictures=_pictures(figures, profile),
    )


def _pictures(figures: Figures, profile: AccountSettings) -> Mapping[str, Embedded | str]:
    script = figures.script
    drawn = {
        "What was published": day_picture(
            figures.posts, since=script.begins_at, until=script.ends_at, zone=profile.timezone
        ),
        "How fast posts were seen": velocity_picture(figures.checkpoints),
        "How well was chosen": learning_picture(figures.worth, script),
        "Whose the browser was": browser_picture(figures.runs, script),
        "How late checkpoints were read": lateness_picture(figures.checkpoints),
        "Followers": follower_picture(figures.followers),
    }
    return {name: embedded(markdown) or markdown for name, markdown in drawn.items()}
