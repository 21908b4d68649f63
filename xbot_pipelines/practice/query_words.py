"""Which words a post must have for a query to find it: so that an index can pass over nearly all others. Pure.

What a query says is decided in `queries`, and only that decides what is found.
"""

import re
from collections.abc import Sequence
from itertools import product

from xbot_pipelines.practice.queries import Answering, AnyOf, Condition, Query, Says

Clauses = Sequence[Sequence[frozenset[str]]]

_PART = re.compile(r"\w+")
_MOST_ALTERNATIVES = 64


def words_needed(query: Query) -> Clauses:
    """Words, in small letters, that a post must have: of each clause all words of at least one alternative.

    What meets them need not be found; what does not cannot be. A reply has the name of whom it answers, too.
    """
    found = (_alternatives(one) for one in query.conditions)
    return [alternatives for alternatives in found if alternatives]


def _alternatives(condition: Condition) -> Sequence[frozenset[str]]:
    """The sets of words one of which a post needs to meet a condition; none when words cannot tell."""
    match condition:
        case Says():
            words = frozenset(_PART.findall(condition.words))
            return [words] if words else []
        case Answering(handle=str(handle)):
            return [frozenset({handle})]
        case AnyOf():
            each = [_alternatives(one) for one in condition.conditions]
            return [words for alternatives in each for words in alternatives] if all(each) else []
        case Query():
            clauses = words_needed(condition)
            joined = [frozenset[str]().union(*chosen) for chosen in product(*clauses)]
            return joined if clauses and len(joined) <= _MOST_ALTERNATIVES else []
    return []
