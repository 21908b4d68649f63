"""`xbot login` for an account that reaches X by its official API: a person allows the app in a browser of their own.

Their browser comes back to `landing` with a code, tokens are fetched for it, and saved once X has said whose they are.
Four keys of OAuth 1.0a in the environment go before that: with them there is nothing to log in to, X is only asked
whose they are. Neither code nor tokens come into what is said here or shown (F28).
"""

import webbrowser
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate.display import has_display
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.landing import Ending, Landing, address_of, landing
from xbot_pipelines.operate.ports import Port, demand_free
from xbot_pipelines.operate.session import alone_at_x
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.transports import proof_of, token_office
from xbot_pipelines.systems.whose_login import MeterForAPerson
from xbot_pipelines.x.api.authorization import Authorization, Declined, ask_for
from xbot_pipelines.x.api.client import who_is_it
from xbot_pipelines.x.api.credentials import SCOPES, Keys, TokenFile, TokenKeeper, Tokens
from xbot_pipelines.x.api.wire import Wire
from xbot_pipelines.x.walls import Wall

PAID_FOR = "X's API is paid for by what is asked of it: `xbot cost` says what a day costs, before it is run."
"""What the owner of an account on the real X is told before a login that costs money."""

_PATIENCE_SECONDS = 30.0

Say = Callable[[str], None]
OpenPage = Callable[[str], bool]
"""Opens an address in the person's own browser, and says whether there was one."""


@dataclass(frozen=True, kw_only=True)
class ApiLogin:
    """One login: whose, and how one speaks with the person.

    Args:
        settings: the account, where X is, and the app.
        database: the account that pays for the question whose login it is.
        clock: what the end of tokens is counted by.
        open_page: opens X's page.
        say: tells the person something.
    """

    settings: Settings
    database: AccountDatabase
    clock: Clock
    open_page: OpenPage
    say: Say

    def run(self, *, within: timedelta) -> None:
        """Logs the account in, or says whose keys there are.

        Raises:
            CannotRun: it is not logged in; the message says why, and nothing was saved.
        """
        if not self.settings.is_practice:
            self.say(PAID_FOR)
        proof = proof_of(self.settings)
        if isinstance(proof, Keys):
            self._tell_whose(proof)
        else:
            self._log_in(proof, within=within)

    def _tell_whose(self, keys: Keys) -> None:
        with alone_at_x(self.database):
            try:
                handle = self._whose(keys)
            except Wall as wall:
                raise CannotRun(f"with the four keys in the environment: {wall}") from wall
        wanted = self.settings.profile.handle
        if handle.lower() != wanted.lower():
            raise CannotRun(
                f"the four keys in the environment are @{handle}'s, but the account {self.settings.account!r} is "
                f"@{wanted}: set the keys of @{wanted}, or unset all four and log in with `xbot login`"
            )
        self.say(f"X knows @{handle} by the four keys in the environment: there is nothing to log in to")

    def _log_in(self, file: TokenFile, *, within: timedelta) -> None:
        question = self._question()
        port = self.settings.login_port
        demand_free([Port(number=port, purpose="way back from X's page", variable="XBOT_LOGIN_PORT")])
        with alone_at_x(self.database), landing(port, question) as site:
            self._show_the_question(question, within)
            try:
                tokens = self._tokens(question, site, within=within)
                file.save(tokens)
            except (Wall, CannotRun) as refused:
                sentence = f"{refused}; nothing was saved"
                site.show(Ending(heading="Not logged in", sentence=sentence))
                raise CannotRun(sentence) from refused
            done = f"logged in as @{self.settings.profile.handle}"
            site.show(Ending(heading="Logged in", sentence=f"You are {done}. You can close this page."))
        self.say(f"{done}; the tokens are saved in {file.path}")
        self.say(_how_long(tokens))

    def _question(self) -> Authorization:
        client_id, redirect_uri = self.settings.x_client_id, address_of(self.settings.login_port)
        if client_id is None:
            raise CannotRun(
                "X_CLIENT_ID is not set: make an app in X's developer console (https://console.x.com), turn on OAuth "
                "2.0 for it as a Native App that may read and write, register exactly "
                f"{redirect_uri} as its callback address (XBOT_LOGIN_PORT moves the port), and set X_CLIENT_ID to its "
                "client id; X_CLIENT_SECRET is for confidential apps only; it is asked for the scopes "
                f"{', '.join(SCOPES)} (docs/api.md)"
            )
        return ask_for(client_id, x_url=self.settings.x_url, redirect_uri=redirect_uri)

    def _show_the_question(self, question: Authorization, within: timedelta) -> None:
        minutes, wanted = within.total_seconds() / 60, self.settings.profile.handle
        is_open = self.open_page(question.address)
        where = "on the page that has opened in your browser; if none has, it is" if is_open else "on this page:"
        self.say(f"allow the app for @{wanted}, within {minutes:g} minutes, {where}")
        self.say(question.address)
        self.say(f"it leads back to {question.redirect_uri}, which X must know as a callback address of the app")
        if not is_open:
            port = self.settings.login_port
            self.say(
                f"to open it on another machine, run `ssh -L {port}:127.0.0.1:{port} THIS-MACHINE` there first, so "
                "that it finds the way back"
            )

    def _tokens(self, question: Authorization, site: Landing, *, within: timedelta) -> Tokens:
        answer = site.wait(within)
        if answer is None:
            raise CannotRun(
                f"X has not sent anybody back within {within.total_seconds() / 60:g} minutes (if it showed an error "
                f"instead of the app, look whether {question.redirect_uri} is a callback address of it)"
            )
        if isinstance(answer, Declined):
            raise CannotRun(answer.why)
        tokens = token_office(self.settings, self.clock).exchange(
            answer.code, client_id=question.client_id, redirect_uri=question.redirect_uri, verifier=question.verifier
        )
        in_hand = _InHand(tokens)
        handle, wanted = self._whose(in_hand), self.settings.profile.handle
        if handle.lower() != wanted.lower():
            raise CannotRun(
                f"the app was allowed for @{handle}, but the account {self.settings.account!r} is @{wanted}: log in "
                f"to X as @{wanted} in your browser, and try again"
            )
        return in_hand.load()

    def _whose(self, proof: TokenKeeper | Keys) -> str:
        wire = Wire(
            api_url=self.settings.api_url,
            proof=proof,
            office=token_office(self.settings, self.clock),
            meter=MeterForAPerson(self.settings, self.database, self.clock),
            clock=self.clock,
            patience_seconds=_PATIENCE_SECONDS,
        )
        with closing(wire):
            return who_is_it(wire).handle


def open_in_own_browser(address: str) -> bool:
    """Opens an address in the browser that the person has, and says whether there is one."""
    # Without a display it would be a browser of the terminal, in which nobody can log in to X.
    return has_display() and webbrowser.open(address)


def open_nowhere(_address: str) -> bool:
    """Leaves it to the person to open an address."""
    return False


class _InHand:
    """Tokens that are not saved: not before it is known whose they are."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def load(self) -> Tokens:
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        self._tokens = tokens


def _how_long(tokens: Tokens) -> str:
    ends = f"{tokens.expires_at:%Y-%m-%d %H:%M} UTC"
    if tokens.refresh_token is None:
        return f"they end at {ends}, and X gave nothing to renew them with: log in again then"
    return f"they are good until {ends}, and are renewed by themselves for as long as the app stays allowed"
