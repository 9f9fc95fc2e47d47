"""What the benchmark of the webmail measures apart: many mailboxes open, and the portal while the mail is frozen."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import mailboxes
import psutil
from client import Timings, Visitor, measure
from installation import Installation
from mail_network import way_to
from pages import PASSWORD
from report import Report, mebibytes, milliseconds

from nomade.runtime.mailserver import MailSettings

WAITING = 2


def mailboxes_open(servers: MailSettings, source: Path, count: int, report: Report) -> None:
    """What a process of the portal holds for each mailbox that is open, its first page in memory."""
    from mailkit.endpoints import Account, Credentials, Endpoint
    from mailkit.imap import Listing, Pool
    from mailkit.imap.listing import overview

    process = psutil.Process()
    pool = Pool(size=count, idle_seconds=900)
    logins = [f"boite-{number}@paris.fr" for number in range(count)]
    for login in logins:
        mailboxes.copy(servers, source, login)

    def account(login: str) -> Account:
        secret = Credentials("master", login, servers.master_password, servers.master_user)
        return Account(Endpoint.parse(servers.imap_url), secret)

    pool.run(account(logins[0]), lambda session: overview(session, Listing("INBOX")))
    before, began = process.memory_info().rss, time.perf_counter()
    for login in logins[1:]:
        pool.run(account(login), lambda session: overview(session, Listing("INBOX")))
    taken, held = time.perf_counter() - began, process.memory_info().rss - before
    again = time.perf_counter()
    for login in logins:
        pool.run(account(login), lambda session: overview(session, Listing("INBOX")))
    visit = (time.perf_counter() - again) / count
    behind = [each for each in psutil.process_iter(["cmdline"]) if _is_imap(each.info["cmdline"] or [""])]
    theirs = sum(each.memory_info().rss - each.memory_info().shared for each in behind)
    report.table(
        f"{count} mailboxes open in one process, 60 messages each, first page in memory",
        ("Open", "KiB each, portal", "MiB, portal", "MiB, Dovecot’s own", "ms to open one", "ms for a visit of one"),
        [
            (
                len(pool),
                f"{held / 1024 / (count - 1):.0f}",
                mebibytes(held),
                mebibytes(theirs),
                milliseconds(taken / (count - 1)),
                milliseconds(visit),
            )
        ],
    )
    pool.close()


def _is_imap(command: list[str]) -> bool:
    return command[0].endswith("/imap") and "login" not in command[0]


def home_while_frozen(made: Installation, servers: MailSettings, people: list[str], report: Report) -> None:
    """The home page with the mail server well, then silent, then silent while two people keep asking for their mail."""
    rows: list[tuple[object, ...]] = []
    with way_to(servers.imap_port, 0.0) as way:
        made.settings["NOMADE_IMAP_URL"] = f"imap://127.0.0.1:{way.port}"
        with made.running():
            visitors = [_signed_in(made, login) for login in people]
            rows.append(_home("answers", visitors))
        # Started anew: what it knew of a mailbox would spare the home page from asking.
        way.freeze()
        with made.running():
            visitors = [_signed_in(made, login) for login in people]
            rows.append(_home("is frozen", visitors))
            with _asking_for_mail(visitors[:WAITING]) as refused:
                rows.append(_home(f"is frozen, and {WAITING} people keep asking for their mail", visitors))
                told = f"{len(refused)} requests for the mail were answered meanwhile"
        way.thaw()
    report.table(
        "The home page while the mail server is frozen",
        ("The mail server…", "first one, ms", "median alone, ms", "median at 8 clients, ms", "p95 at 8 clients, ms",
         "answers/s"),
        rows,
        f"{told}.",
    )  # fmt: skip


def _signed_in(made: Installation, login: str) -> Visitor:
    visitor = Visitor(made.target())
    visitor.sign_in(login, PASSWORD)
    return visitor


def _home(state: str, visitors: list[Visitor]) -> tuple[object, ...]:
    first = _first(visitors[0])
    alone: Timings = measure(visitors[:1], "/", each=40)
    together = measure(visitors, "/", each=25)
    return (
        state,
        milliseconds(first),
        milliseconds(alone.median),
        milliseconds(together.median),
        milliseconds(together.p95),
        f"{together.rate:.0f}",
    )


def _first(visitor: Visitor) -> float:
    started = time.perf_counter()
    visitor.ask("GET", "/")
    return time.perf_counter() - started


@contextmanager
def _asking_for_mail(visitors: list[Visitor]) -> Iterator[list[int]]:
    """People who ask again as soon as they are answered, for the length of the block."""
    over = threading.Event()
    answers: list[int] = []

    def insist(visitor: Visitor) -> None:
        while not over.is_set():
            with suppress(OSError):
                answers.append(visitor.ask("GET", "/messagerie/")[0])

    threads = [threading.Thread(target=insist, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()
