"""The front end's modules in one script: what goes wrong while they are put together is said, not served."""

from pathlib import Path

import pytest

from xbot_pipelines.practice.front_end import STATIC, script


def given(folder: Path, **modules: str) -> Path:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source)
    return folder


def test_what_others_need_comes_first(tmp_path: Path) -> None:
    folder = given(
        tmp_path,
        app='import { one } from "./b.js";\nimport {\n  two,\n} from "./a.js";\none(two);\n',
        a='import { one } from "./b.js";\nexport const two = one();\n',
        b="export function one() { return 1; }\n",
    )
    bundled = script(folder, "any")
    assert [bundled.index(f"const ${name} =") for name in ("b", "a", "app")] == sorted(
        bundled.index(f"const ${name} =") for name in ("b", "a", "app")
    )
    assert "import" not in bundled
    assert "export" not in bundled


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"app": 'import { none } from "./a.js";\n', "a": ""}, "app.js imports none from a.js, which does not export"),
        ({"app": 'import { one } from "./gone.js";\n'}, "app.js imports gone.js, and there is no such file"),
        ({"app": 'import { app } from "./app.js";\nexport const app = 1;\n'}, "app.js needs itself: app → app"),
        ({"app": "export default 7;\n"}, "app.js has 'export default 7;'"),
        ({"app": 'import * as all from "./a.js";\n', "a": ""}, "app.js has 'import"),
    ],
)
def test_a_module_that_cannot_be_put_in_is_named(tmp_path: Path, modules: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        script(given(tmp_path, **modules), "any")


def test_every_module_of_the_front_end_is_in_it() -> None:
    bundled = script(STATIC, "today")
    assert [file.stem for file in STATIC.glob("*.js") if f"const ${file.stem.replace('-', '_')} =" not in bundled] == []
