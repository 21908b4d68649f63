"""Which posts of the cast are deleted by their authors, and when: drawn from the seed and the id alone."""

import math
from datetime import datetime, timedelta
from statistics import NormalDist

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.posts import is_of_the_cast, moment_of

_SHARE = 0.06
_MEDIAN = timedelta(minutes=50)
_SPREAD = 1.3  # of the logarithm
_LONGEST = timedelta(hours=14)
_STANDARD = NormalDist()


def taken_back_at(seed: int, post_id: int) -> datetime | None:
    """When the author deletes this post; None for a post that stays, and for every post that is not of the cast."""
    if not is_of_the_cast(post_id):
        return None
    drawn = draws.fraction(seed, "regret", post_id)
    if drawn >= _SHARE:
        return None
    # What is left of the same number, stretched again, says when: it is as good as a second one.
    normal = _STANDARD.inv_cdf(max(drawn / _SHARE, 1e-9))
    return moment_of(post_id) + min(_LONGEST, _MEDIAN * math.exp(_SPREAD * normal))
