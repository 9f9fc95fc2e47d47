"""The webmail beside bare IMAP and Roundcube, on one Dovecot of loopback, near and 5 ms away, in one run."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mailboxes
import psutil
import roundcube
from client import Visitor, exchange
from imapclient import IMAPClient
from installation import Installation, installation
from mail_timing import LARGE, SMALL, Doer, Place, Table, words
from pages import PASSWORD
from report import Report, mebibytes, milliseconds

from nomade.runtime.mailserver import MailSettings, embedded_mail

BIG_FOLDER = "Grand"
CLIENTS = 8
ROUND_TRIP = 0.005
HEAD = ("Who", "What", "Messages", "Network, ms", "Clients", "median, ms", "a second", "CPU of the server each, ms")
HTMX = "\r\nHX-Request: true\r\nHX-Target: {target}\r\nX-Next-Message: {following}\r\n\r\n"
KEYS = re.compile(rb'data-key="(\d+-\d+)"')


# --- Bare IMAP --------------------------------------------------------------------------------------------------------


class Bare:
    """A connection kept open, with IMAPClient."""

    def __init__(self, servers: MailSettings, port: int, login: str) -> None:
        self.client: Any = IMAPClient("127.0.0.1", port, ssl=False)
        answer = f"{login}\0{servers.master_user}\0{servers.master_password}"
        self.client.sasl_login("PLAIN", lambda _challenge: answer)
        self.words = words()

    def listed(self, _number: int) -> None:
        """The counts of the folders, and the last fifty lines."""
        imap = self.client._imap  # LIST-STATUS is no method of IMAPClient
        imap._simple_command("LIST", '""', '"*"', "RETURN (STATUS (MESSAGES UNSEEN))")
        count = int(self.client.folder_status(self.folder, ["MESSAGES"])[b"MESSAGES"])
        self.client.fetch(range(max(1, count - 49), count + 1), ["UID", "FLAGS", "RFC822.SIZE", "ENVELOPE"])

    def select(self, folder: str) -> None:
        self.folder = folder
        self.client.use_uid = False
        self.count = self.client.select_folder(folder, readonly=True)[b"EXISTS"]

    def opened(self, number: int) -> None:
        self.client.fetch(self.count - number, ["UID", "FLAGS", "BODYSTRUCTURE", "BODY.PEEK[HEADER]", "BODY.PEEK[1]"])

    def searched(self, _number: int) -> None:
        """The numbers, and the fifty last lines."""
        found = self.client.search(["SUBJECT", next(self.words)], "UTF-8")
        if found:
            self.client.fetch(found[-50:], ["UID", "FLAGS", "RFC822.SIZE", "ENVELOPE"])


def bench_bare(table: Table, servers: MailSettings, port: int, people: Sequence[str], place: Place) -> None:
    """On connections that are kept open."""
    clients = [Bare(servers, port, login) for login in _of(people, place)]
    table.once("bare IMAP", "first SELECT", place, lambda: clients[0].select(place.folder))
    for client in clients:
        client.select(place.folder)
    for what, doers in (
        ("list", [client.listed for client in clients]),
        ("message", [client.opened for client in clients]),
        ("subject search", [client.searched for client in clients]),
    ):
        table.row("bare IMAP", what, place, doers)
    for client in clients:
        client.client.logout()


def _of(people: Sequence[str], place: Place) -> Sequence[str]:
    """Eight people; the large folder is one person's, whom eight windows look at."""
    return people if place.count == SMALL else [people[0]] * len(people)


# --- Roundcube --------------------------------------------------------------------------------------------------------


def bench_roundcube(
    table: Table, folder: Path, servers: MailSettings, port: int, people: Sequence[str], places: Sequence[Place]
) -> None:
    """What its own page asks by clicks."""
    with roundcube.running(folder, servers, port) as here:
        server = [
            each for each in psutil.process_iter(["cmdline"]) if f"127.0.0.1:{here}" in (each.info["cmdline"] or [])
        ]
        server = list({each.pid: each for one in server for each in (one, *one.children(recursive=True))}.values())
        clients = [roundcube.Client(here) for _ in people]
        for client, login in zip(clients, people, strict=True):
            client.sign_in(login)
        for place in places:
            ours = clients if place.count == SMALL else [clients[0]] * len(clients)
            table.once("Roundcube", "first list", place, lambda place=place: clients[0].listed(place.folder))
            uids = {id(client): client.listed(place.folder) for client in clients[: len(_distinct(ours))]}
            names = [words() for _ in ours]
            table.row("Roundcube", "list", place, [_lister(c, place) for c in ours], server)
            table.row("Roundcube", "message", place, [_opener(c, place, uids[id(c)]) for c in ours], server)
            looking = [_searcher(client, place, known) for client, known in zip(ours, names, strict=True)]
            table.row("Roundcube", "subject search", place, looking, server)


def _distinct(clients: Sequence[object]) -> set[int]:
    return {id(client) for client in clients}


def _lister(client: roundcube.Client, place: Place) -> Doer:
    return lambda _number: client.listed(place.folder)


def _opener(client: roundcube.Client, place: Place, uids: list[int]) -> Doer:
    return lambda number: client.opened(place.folder, uids[number % len(uids)])


def _searcher(client: roundcube.Client, place: Place, names: Iterator[str]) -> Doer:
    return lambda _number: client.searched(place.folder, next(names))


# --- The portal -------------------------------------------------------------------------------------------------------


class Window:
    """An agent's window: one kept connection, and what htmx asks on a click."""

    def __init__(self, visitor: Visitor, place: Place) -> None:
        self.visitor = visitor
        self.place = place
        self.connection = visitor.target.connect()
        self.words = words()
        self.folder = f"dossier={quote(place.folder)}" if place.folder != "INBOX" else ""
        self.keys: list[str] = []
        self.refused = 0

    def ask(self, path: str, *, target: str = "mail", following: str = "") -> int:
        plain = self.visitor.request_for(path).removesuffix(b"\r\n\r\n")
        return self._sent(plain + HTMX.format(target=target, following=following).encode())

    def _sent(self, request: bytes) -> int:
        """The size of the answer. A mail that says it is busy is asked again, as a person would; the time counts.

        So is a server that has closed a connection unused for long.
        """
        for _try in range(20):
            try:
                return exchange(self.connection, request)[1]
            except RuntimeError as error:
                if "503" not in str(error) and "closed" not in str(error):
                    raise
                self.refused += "503" in str(error)
                self.connection.close()
                self.connection = self.visitor.target.connect()
        raise RuntimeError("the mail is busy without end")

    def whole(self, _number: int) -> None:
        self._sent(self.visitor.request_for(f"/messagerie/?{self.folder}"))

    def listed(self, _number: int) -> None:
        self.ask(f"/messagerie/?{self.folder}")

    def walk(self, shift: int) -> None:
        """Learns the keys of the first two pages."""
        for page in (1, 2):
            _status, _location, body = self.visitor.ask("GET", f"/messagerie/?page={page}&{self.folder}")
            self.keys += [found.decode() for found in KEYS.findall(body)]
        self.keys = self.keys[shift:]

    def opened(self, number: int) -> None:
        """The message below the one before, the next one named as the page does."""
        at = number % (len(self.keys) - 1)
        path = f"/messagerie/message/{self.keys[at]}/?{self.folder}"
        self.ask(path, target="mail-message", following=self.keys[at + 1])

    def searched(self, _number: int) -> None:
        typed = quote('objet:"' + next(self.words) + '"')
        self.ask(f"/messagerie/?q={typed}&{self.folder}")


def bench_portal(table: Table, made: Installation, people: Sequence[str], places: Sequence[Place]) -> None:
    """What its pages ask by clicks, and the whole page."""
    with made.running():
        visitors = []
        for login in people:
            visitor = Visitor(made.target())
            visitor.sign_in(login, PASSWORD)
            visitors.append(visitor)
        web = [each for each in psutil.process_iter(["cmdline"]) if _is_web(each.info["cmdline"] or [], made.port)]
        web += [child for each in web for child in each.children(recursive=True) if child not in web]
        for place in places:
            ours = visitors if place.count == SMALL else [visitors[0]] * len(visitors)
            windows = [Window(visitor, place) for visitor in ours]
            table.once("Nomade", "first list", place, lambda windows=windows: windows[0].listed(0))
            table.row("Nomade", "list", place, [window.listed for window in windows], web)
            table.row("Nomade", "list, whole page", place, [window.whole for window in windows], web)
            for shift, window in enumerate(windows):
                window.walk(shift * 4 if place.count == LARGE else 0)
            table.row("Nomade", "message", place, [window.opened for window in windows], web)
            table.once("Nomade", "first subject search", place, lambda windows=windows: windows[0].searched(0))
            for window in windows:
                window.searched(0)
            table.row("Nomade", "subject search", place, [window.searched for window in windows], web)
            table.refused += sum(window.refused for window in windows)
            for window in windows:
                window.connection.close()


def _is_web(command: list[str], port: int) -> bool:
    return "granian" in command and str(port) in command


# --- All together -----------------------------------------------------------------------------------------------------


@contextmanager
def delayed(port: int, seconds: float) -> Iterator[int]:
    """A way to the mail server whose round trip takes so long; itself when it takes nothing."""
    if not seconds:
        yield port
        return
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        here = int(probe.getsockname()[1])
    script = str(Path(__file__).with_name("delay.py"))
    process = subprocess.Popen([sys.executable, script, str(here), str(port), str(seconds / 2)])
    try:
        time.sleep(1)
        yield here
    finally:
        process.terminate()
        process.wait(10)


def mailboxes_open(servers: MailSettings, source: Path, count: int, report: Report) -> None:
    """What a process of the portal holds for each mailbox that is open, its first page in memory."""
    from mailkit.endpoints import Account, Credentials, Endpoint
    from mailkit.imap import Listing, Pool
    from mailkit.imap.listing import overview

    process = psutil.Process()
    pool = Pool(size=count)
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


def _beside(
    table: Table, made: Installation, servers: MailSettings, people: Sequence[str], places: Sequence[Place]
) -> None:
    """The three of them on one network."""
    with delayed(servers.imap_port, table.network) as port:
        for place in places:
            bench_bare(table, servers, port, people, place)
        made.settings["NOMADE_IMAP_URL"] = f"imap://127.0.0.1:{port}"
        bench_portal(table, made, people, places)
        if roundcube.is_here():
            bench_roundcube(table, made.folder, servers, port, people, places)


def _told(table: Table, report: Report) -> None:
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    report.table(
        "The webmail beside bare IMAP and Roundcube",
        HEAD,
        table.rows,
        f"Load of the machine at the end: {load} (1, 5 and 15 minutes; 2 cores). "
        f"Answers « busy » of the portal, asked again: {table.refused}. {_faster(table.rows)}",
    )


def bench_mail(report: Report, *, count: int = 1000) -> None:
    """Everything in one run; Roundcube where it is installed. A quarter of an hour at most on a quiet machine."""
    table = Table([])
    places = [Place("INBOX", SMALL), Place(BIG_FOLDER, LARGE)]
    with installation() as made, embedded_mail(made.folder / "mail", domain="paris.fr", flavour="dovecot") as servers:
        made.settings |= servers.environment()
        made.nomade("demo", "--agents", "60")
        people = [line for line in made.nomade_script(_PEOPLE).split() if "@" in line][:CLIENTS]
        source = mailboxes.write(servers, people[0], SMALL)
        for login in people[1:]:
            mailboxes.copy(servers, source, login)
        mailboxes.write(servers, people[0], LARGE, name=BIG_FOLDER)
        for login in people:
            Bare(servers, servers.imap_port, login).select("INBOX")
        try:
            for seconds in (0.0, ROUND_TRIP):
                table.network = seconds
                _beside(table, made, servers, people, places)
        finally:
            # What was measured before a fault is worth reading.
            _told(table, report)
        small = mailboxes.write(servers, "modele@paris.fr", 60)
        mailboxes_open(servers, small, count, report)


_PEOPLE = (
    "from nomade.people.models import Agent; "
    "first = ['camille.durand@paris.fr', 'mehdi.benali@paris.fr']; "
    "others = Agent.objects.filter(has_mailbox=True).exclude(login__in=first).order_by('pk'); "
    "print('\\n'.join(first + [agent.login for agent in others[:20]]))"
)


def _faster(rows: list[tuple[object, ...]]) -> str:
    """How many times faster than Roundcube, for each pair that was measured."""
    theirs = {row[1:5]: float(str(row[5])) for row in rows if row[0] == "Roundcube"}
    found = [
        (row[1:5], theirs[row[1:5]] / float(str(row[5]))) for row in rows if row[0] == "Nomade" and row[1:5] in theirs
    ]
    if not found:
        return "Roundcube is not installed here."
    told = ", ".join(
        f"{what} {count}/{network} ms/{clients}: {times:.1f}" for (what, count, network, clients), times in found
    )
    middle = statistics.median(times for _key, times in found)
    return f"Times faster than Roundcube (median {middle:.1f}): {told}."
