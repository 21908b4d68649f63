"""Languages as X writes them: some by the codes of 1989, and without their regions.

X calls Hebrew `iw`, Indonesian `in`, Norwegian `no` and Tagalog `tl`, where an account's file says `he`, `id`, `nb` or
`fil`; both are right.
"""

_ON_X = {"he": "iw", "id": "in", "nb": "no", "nn": "no", "fil": "tl", "ji": "yi", "jw": "jv", "mo": "ro"}


def language_on_x(code: str) -> str:
    """Return the language of a code as X writes it: "he-IL" is "iw", "pt-BR" is "pt", "zh_cn" is "zh"."""
    language = code.strip().lower().replace("_", "-").partition("-")[0]
    return _ON_X.get(language, language)


def same_language(first: str, second: str) -> bool:
    """Return whether two codes are of one language, whatever its region and whichever of its codes each is."""
    return language_on_x(first) == language_on_x(second)
