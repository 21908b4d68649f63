"""Attack a running stack: as another user of the machine, as a web page, by what comes from outside. Did all hold?

    uv run python benchmarks/security.py [--json FILE] [--quick]

Each row names the items of the security review that it is about (docs/security.md). `--quick` leaves out what runs in a
stack of its own. Attacks as another user need root, to become one. Exit code 1 if anything did not hold.
"""

import sys
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from benchmarks.attacking import attacks
from benchmarks.attacking.attacks import Attack, a_test
from benchmarks.attacking.stack import Stack, running_stack
from benchmarks.report import arguments, write

LOCAL, PAGE, POST, OWNER = "a local user", "a web page", "what comes from outside", "the owner, by mistake"

LIVE = (
    Attack(items="H3, H4, M1", attacker=LOCAL, what="files, sockets, processes, /tmp", run=attacks.another_user),
    Attack(items="H4", attacker=LOCAL, what="permissions of the data folder and above it", run=attacks.permissions),
    Attack(items="M1", attacker=LOCAL, what="ports that nobody needs", run=attacks.open_ports),
    Attack(items="H1", attacker=LOCAL, what="secrets in each process's environment", run=attacks.environments),
    Attack(items="H1", attacker=POST, what="a browser without its sandbox", run=attacks.sandboxed),
    Attack(items="H2", attacker=PAGE, what="host names, origins, mutations by GET", run=attacks.hostile_requests),
    Attack(items="H2", attacker=PAGE, what="images, forms, fetch, WebSocket in a browser", run=attacks.web_page),
)
IN_A_STACK_OF_THEIR_OWN = (
    Attack(
        items="C1",
        attacker=POST,
        what="a hostile post in every output, and in a real browser",
        run=a_test("e2e/test_hostile_pages.py", "operate/test_hostile_outputs.py", "systems/test_hostile_metadata.py"),
    ),
    Attack(
        items="H1",
        attacker=POST,
        what="sandbox, secrets of a browser",
        run=a_test("x/test_sandbox.py", "x/test_driver.py"),
    ),
    Attack(items="H2", attacker=PAGE, what="the Dagster UI alone", run=a_test("operate/test_webserver.py")),
    Attack(
        items="H3, H4",
        attacker=LOCAL,
        what="the embedded PostgreSQL",
        run=a_test("store/test_server_and_other_users.py"),
    ),
    Attack(items="H5", attacker=OWNER, what="a missing variable", run=a_test("operate/test_which_x.py")),
    Attack(
        items="H6",
        attacker=POST,
        what="orders to the model, unapproved drafts",
        run=a_test("systems/test_injections.py", "systems/test_approval.py", "content/test_source_comparison.py"),
    ),
    Attack(items="M2", attacker=LOCAL, what="the rights of each database role", run=a_test("store/test_roles.py")),
    Attack(
        items="M3",
        attacker=POST,
        what="U+0000, lone surrogates, rows that are refused",
        run=a_test("systems/test_unstorable_text.py", "store/test_bad_rows.py"),
    ),
    Attack(items="M5", attacker=OWNER, what="a second stack on one database", run=a_test("store/test_stack_lock.py")),
    Attack(items="L1", attacker=OWNER, what="a re-executed run", run=a_test("orchestration/test_reexecution.py")),
    Attack(items="L3", attacker=POST, what="alerts that mention", run=a_test("operate/test_hostile_outputs.py")),
    Attack(items="L5, L6", attacker=POST, what="deep JSON, long texts", run=a_test("text/test_bounds.py")),
    Attack(items="L8", attacker=POST, what="addresses that are not public", run=a_test("feeds/test_network.py")),
    Attack(items="L9", attacker=OWNER, what="http:// off loopback", run=a_test("test_settings.py")),
    Attack(
        items="L10",
        attacker=POST,
        what="packages, images, sudo",
        run=a_test("test_bootstrap.py", "operate/test_install_browser.py", "deploy/test_compose.py"),
    ),
    Attack(
        items="L11, L12",
        attacker=LOCAL,
        what="profiles left behind, frozen browsers",
        run=a_test("x/test_browser_folder.py"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What came of one attack."""

    items: str
    attacker: str
    what: str
    outcome: str
    got: tuple[str, ...]


def main() -> None:
    """Attack, and say what held."""
    chosen = arguments(__doc__)
    rows = []
    with running_stack() as stack:
        for attack in (*LIVE, *(() if chosen.quick else IN_A_STACK_OF_THEIR_OWN)):
            rows.append(_tried(attack, stack))
            print(f"{attack.items}: {attack.what}: {rows[-1].outcome}", flush=True)
    table = Table("items", "attacker", "what", "outcome", title="Attacks on a running stack")
    for row in rows:
        table.add_row(row.items, row.attacker, row.what, row.outcome)
    Console().print(table)
    for row in rows:
        for line in row.got:
            print(f"{row.items}: {line}")
    write("security", {"attacks": [asdict(row) for row in rows]}, json_file=chosen.json)
    sys.exit(any(row.outcome == "NOT HELD" for row in rows))


def _tried(attack: Attack, stack: Stack) -> Row:
    got = attack.run(stack)
    outcome = "not tried: needs root" if got is None else "NOT HELD" if got else "held"
    return Row(items=attack.items, attacker=attack.attacker, what=attack.what, outcome=outcome, got=tuple(got or ()))


if __name__ == "__main__":
    main()
