"""Compose's files as a container engine understands them: variables put in, and one file laid over another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from xbot_pipelines_tests.conftest import ROOT

Service = dict[str, Any]

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_MERGED = ("environment", "depends_on")


@dataclass(frozen=True)
class _Instead:
    """A value that takes the place of what is there, where others are added to it."""

    value: Any


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # yaml has no types
    """YAML with the two marks of Compose's own."""


def _instead(loader: yaml.SafeLoader, node: Any) -> _Instead:
    return _Instead(loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) and node.value else None)


_Loader.add_constructor("!override", _instead)
_Loader.add_constructor("!reset", _instead)


def services(*overrides: str, variables: Mapping[str, str]) -> dict[str, Service]:
    """Answers the services of compose.yaml with these files of `deploy/` laid over it.

    Raises:
        KeyError: a variable without which Compose refuses to start is not given.
    """
    together: dict[str, Service] = {}
    for file in (ROOT / "compose.yaml", *(ROOT / "deploy" / override for override in overrides)):
        loaded = yaml.load(_with_variables(file.read_text(), variables), Loader=_Loader)  # it is a SafeLoader
        for name, service in loaded["services"].items():
            beneath = together.get(service.pop("extends", {}).get("service", name), {})
            together[name] = _laid_over(beneath, service)
    return together


def seconds(duration: str) -> float:
    """Answers how long `5m` is."""
    return float(sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([smh])", duration)))


def _with_variables(text: str, variables: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name, default = found["name"], found["default"]
        return (variables.get(name) or default) if default is not None else variables[name]

    return re.sub(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*)|:\?[^}]*)?\}", value, text)


def _laid_over(beneath: Service, above: Service) -> Service:
    service = dict(beneath)
    for key, value in above.items():
        if isinstance(value, _Instead):
            service[key] = value.value
        elif key in _MERGED:
            together = {**service.get(key, {}), **value}
            service[key] = {name: one for name, one in together.items() if not isinstance(one, _Instead)}
        else:
            service[key] = value
    return service
