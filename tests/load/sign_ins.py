"""Payday and a bad day: complete sign-ins a second, then agents who sign in while 500 addresses try passwords."""

from __future__ import annotations

import gzip
import http.client
import re
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import psutil
import psycopg
from client import Target
from installation import SUPERUSER, Installation, installation, prepare
from pages import PASSWORD
from report import Report, milliseconds

AGENTS, CLIENTS, SIGN_INS = 300, 8, 400
GUESSES, ADDRESSES, GUESSERS, KNOWN = 20_000, 500, 4, 60
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Browser:
    """One browser on one kept connection; `address` is what the proxy in front says of it."""

    target: Target
    address: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPSConnection | None = None

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        if self.connection is None:
            self.connection = self.target.http()
        origin = f"https://{self.target.host}:{self.target.port}"
        headers = {"Host": origin.removeprefix("https://"), "Accept-Encoding": "gzip"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.address:
            headers |= {"X-Forwarded-For": self.address, "X-Forwarded-Proto": "https"}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
        self.connection.request(method, path, urlencode(form) if form is not None else None, headers)
        response = self.connection.getresponse()
        body = response.read()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        if response.will_close:
            self.close()
        return response.status, body

    def token(self) -> str:
        """The token of the sign-in form."""
        status, page = self.ask("GET", "/connexion/")
        found = TOKEN.search(_inflated(page))
        if status != 200 or found is None:
            raise RuntimeError(f"no sign-in form: {status}")
        return found[1].decode()

    def sign_in(self, login: str) -> int:
        """The form, the password, the home page: the status of the last."""
        form = {"csrfmiddlewaretoken": self.token(), "login": login, "password": PASSWORD}
        status, _ = self.ask("POST", "/connexion/", form)
        return self.ask("GET", "/")[0] if status in {302, 303} else status

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def _inflated(body: bytes) -> bytes:
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def bench_sign_ins(report: Report) -> None:
    """One portal, two tables."""
    with installation() as made:
        made.settings |= {"NOMADE_TRUSTED_PROXIES": "127.0.0.0/8", "NOMADE_PROFESSIONAL_NETWORKS": "192.0.2.0/24"}
        made.settings |= {"NOMADE_MFA": "never"}  # what a second factor adds is the person's time
        made.nomade("demo", "--agents", str(AGENTS))
        with made.running():
            logins = _logins(made)
            report.table(
                f"Complete sign-ins (form, password, home page), {len(logins)} agents, {CLIENTS} clients",
                ("", "sign-ins", "refused", "a second", "median, ms", "p95, ms", "CPU of the server each, ms"),
                [_payday(made, logins)],
            )
            report.table(
                f"{GUESSES} wrong passwords from {ADDRESSES} addresses, while {KNOWN} agents sign in",
                ("", "tries a second", "answers", "agents let in", "CPU of the server", "alerts", "attack mails"),
                [_attack(made, logins[:KNOWN])],
            )


def _logins(made: Installation) -> list[str]:
    """Demo agents whose password is the demo's."""
    rows = _sql(
        made,
        "SELECT login FROM accounts_account WHERE locked_at IS NULL AND NOT password_is_provisional AND password <> '' "
        "AND password NOT LIKE '!%' ORDER BY id",
    )
    return [str(row[0]) for row in rows]


def _sql(made: Installation, statement: str) -> list[tuple[object, ...]]:
    url = prepare(made.folder / "data" / "postgres").url_for(SUPERUSER, "nomade")
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[arg-type]  # literals of this file


def _together(work: list[tuple[object, ...]], many: int, one: object) -> None:
    """Runs `one(*item)` for each item, `many` at once."""
    lock, failures = threading.Lock(), []
    left = iter(work)

    def run() -> None:
        while True:
            with lock:
                item = next(left, None)
            if item is None or failures:
                return
            try:
                one(*item)  # type: ignore[operator]
            except Exception as error:  # noqa: BLE001  # carried to the caller, below
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(str(failures[0])) from failures[0]


def _payday(made: Installation, logins: list[str]) -> tuple[object, ...]:
    seconds: list[float] = []
    refused: list[int] = []

    def one(login: str) -> None:
        browser = Browser(made.target(), "192.0.2.10")
        started = time.perf_counter()
        status = browser.sign_in(login)
        browser.close()
        (seconds if status == 200 else refused).append(time.perf_counter() - started if status == 200 else status)

    _together([(logins[n % len(logins)],) for n in range(CLIENTS * 4)], CLIENTS, one)  # warm
    seconds.clear()
    refused.clear()
    before = made.cpu_seconds()
    started = time.perf_counter()
    _together([(logins[n % len(logins)],) for n in range(SIGN_INS)], CLIENTS, one)
    elapsed = time.perf_counter() - started
    spent = made.cpu_seconds() - before
    return (
        "payday",
        len(seconds),
        len(refused),
        f"{len(seconds) / elapsed:.1f}",
        milliseconds(statistics.median(seconds)),
        milliseconds(statistics.quantiles(seconds, n=20)[-1]),
        milliseconds(spent / len(seconds)),
    )


def _attack(made: Installation, agents: list[str]) -> tuple[object, ...]:
    known = {login: Browser(made.target(), "198.51.100.4") for login in agents}
    for login, browser in known.items():
        if browser.sign_in(login) != 200:
            raise RuntimeError(f"{login} could not sign in before the attack")
        browser.cookies.pop("__Host-session")
        browser.close()
    answers: Counter[int] = Counter()
    let_in: list[bool] = []
    guessers = threading.local()

    def guess(number: int) -> None:
        if not hasattr(guessers, "browser"):
            guessers.browser = Browser(made.target(), "198.51.100.99")
            guessers.token = guessers.browser.token()
        guessers.browser.address = f"203.{number % ADDRESSES // 250}.113.{number % ADDRESSES % 250}"
        login = agents[number % len(agents)] if number % 10 == 0 else f"agent.{number}@paris.fr"
        form = {"csrfmiddlewaretoken": guessers.token, "login": login, "password": "Marseille13!2026"}
        answers[guessers.browser.ask("POST", "/connexion/", form)[0]] += 1

    def agent(login: str) -> None:
        time.sleep(0.2)  # agents come one after the other, all along
        outside, inside = known[login], Browser(made.target(), "192.0.2.44")
        outside.address = "203.0.113.7"
        let_in.append(outside.sign_in(login) == 200)
        let_in.append(inside.sign_in(login) == 200)
        outside.close()
        inside.close()

    before = made.cpu_seconds()
    started = time.perf_counter()
    arriving = threading.Thread(target=_together, args=([(login,) for login in agents], 1, agent))
    arriving.start()
    _together([(number,) for number in range(GUESSES)], GUESSERS, guess)
    elapsed = time.perf_counter() - started
    spent = made.cpu_seconds() - before
    arriving.join()
    alerts = _sql(made, "SELECT count(*) FROM accounts_attack")[0][0]
    mails = _sql(made, "SELECT count(*) FROM notifications_notification WHERE kind = 'security.attack'")[0][0]
    return (
        "attack",
        f"{GUESSES / elapsed:.0f}",
        ", ".join(f"{count} × {status}" for status, count in sorted(answers.items())),
        f"{sum(let_in)} of {len(let_in)}",
        f"{100 * spent / elapsed / (psutil.cpu_count() or 1):.0f} %",
        alerts,
        mails,
    )
