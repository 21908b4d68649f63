"""What becomes of the house's words when nobody can hear them any more: nothing else does."""

import subprocess

from xbot_pipelines_tests.operate.programs import python

SPEAKER = """
import sys
from xbot_pipelines.operate.voice import Voice
voice = Voice()
voice.say("one")
sys.stdin.readline()
voice.say("two")
voice.show([("Dagster UI", "http://127.0.0.1:3000")])
voice.go_by_the_clock()
voice.say("three")
print("still at work", file=sys.stderr)
"""


def test_a_reader_that_went_away_does_not_end_the_house() -> None:
    """`xbot up | head -1`: whatever runs must be taken down in order by somebody, and that is us."""
    with subprocess.Popen(
        python(SPEAKER), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as speaker:
        assert speaker.stdout is not None
        assert "one" in speaker.stdout.readline()
        speaker.stdout.close()
        speaker.stdout = None
        _, complaint = speaker.communicate("go on\n", timeout=30)
    assert complaint == "still at work\n"
    assert speaker.returncode == 0


def test_lines_are_not_broken_where_the_terminal_ends() -> None:
    """An address that is cut in two cannot be clicked."""
    script = "from xbot_pipelines.operate.voice import Voice; Voice().say('http://127.0.0.1/' + 'x' * 300)"
    done = subprocess.run(python(script), capture_output=True, text=True, check=True)
    assert "x" * 300 in done.stdout
