"""The front end as a browser gets it: the modules of `static/` in one script, and the style sheet.

A browser that has never been here would ask for thirty modules one after another, each over a connection of its own
(see `connections`), and most of what looks at practice X is a browser that has never been here. X serves bundles as
well.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parent / "static"

_ENTRY = "app"
_IMPORT = re.compile(r"""^import \{([^}]*)\} from "\./([\w-]+)\.js";\n""", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def version(folder: Path) -> str:
    """Names what the files are at this moment: another name when one of them has changed."""
    files = sorted((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in folder.iterdir())
    return sha256(repr(files).encode()).hexdigest()[:12]


@lru_cache(maxsize=4)
def script(folder: Path, _version: str) -> str:
    """Puts the modules into one script, each in a function of its own, those first that others need.

    What `typeahead.js` exports is then the page's `$typeahead`.

    Raises:
        ValueError: A module imports or exports in another way than by name from its own folder, imports a name that is
            not there, or needs itself in the end. The sentence names it.
    """
    sources = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.js")}
    exports = {name: _EXPORT.findall(source) for name, source in sources.items()}
    return '"use strict";\n' + "".join(_as_function(name, sources[name], exports) for name in _in_order(sources))


@lru_cache(maxsize=4)
def style(folder: Path, _version: str) -> str:
    """The style sheet."""
    return (folder / "style.css").read_text(encoding="utf-8")


def _in_order(sources: Mapping[str, str]) -> Sequence[str]:
    done: list[str] = []

    def visit(name: str, above: Sequence[str]) -> None:
        if name in above:
            raise ValueError(f"{name}.js needs itself: {' → '.join([*above, name])}")
        if name not in sources:
            raise ValueError(f"{above[-1]}.js imports {name}.js, and there is no such file")
        if name not in done:
            for _, needed in _IMPORT.findall(sources[name]):
                visit(needed, [*above, name])
            done.append(name)

    visit(_ENTRY, [])
    return done


def _as_function(name: str, source: str, exports: Mapping[str, Sequence[str]]) -> str:
    def taken(found: re.Match[str]) -> str:
        names = [part.strip() for part in found[1].split(",") if part.strip()]
        missing = sorted(set(names) - set(exports[found[2]]))
        if missing:
            raise ValueError(f"{name}.js imports {missing[0]} from {found[2]}.js, which does not export it")
        return f"const {{ {', '.join(names)} }} = {_variable(found[2])};\n"

    body = _EXPORT.sub("", _IMPORT.sub(taken, source))
    other = _LEFT_OVER.search(body)
    if other is not None:
        raise ValueError(f"{name}.js has {other[0]!r}: import and export by name, from this folder, at a line's start")
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exports[name])} }};\n}})();\n"


def _variable(name: str) -> str:
    return f"${name.replace('-', '_')}"
