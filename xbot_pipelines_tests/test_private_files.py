"""Files and folders for their owner alone."""

import stat
from pathlib import Path

from xbot_pipelines.private_files import make_private_folder


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_folder_is_closed_with_all_it_holds_and_the_one_above_it_is_not(tmp_path: Path) -> None:
    above, home = tmp_path / "above", tmp_path / "above" / "home"
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "program").write_text("")
    (home / "link").symlink_to(above)
    for path, mode in ((above, 0o755), (home, 0o755), (home / "logs", 0o775), (home / "logs" / "program", 0o755)):
        path.chmod(mode)

    make_private_folder(home)

    assert [mode_of(path) for path in (above, home, home / "logs", home / "logs" / "program")] == [
        *(0o755, 0o700, 0o700, 0o700)
    ]
