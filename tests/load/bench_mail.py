"""The webmail beside bare IMAP and Roundcube, on one Dovecot of loopback, near and 5 ms away, in one run."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Sequence

import mailboxes
import psutil
import roundcube
from client import Visitor
from installation import Installation, installation
from mail_apart import home_while_frozen, mailboxes_open
from mail_clients import Bare, Window
from mail_network import delayed
from mail_timing import Doer, Place, Table, words
from pages import PASSWORD
from report import Report

from nomade.runtime.mailserver import MailSettings, embedded_mail

BIG_FOLDER = "Grand"
CLIENTS = 8
ROUND_TRIP = 0.005
HEAD = ("Who", "What", "Messages", "Network, ms", "Clients", "median, ms", "a second", "CPU of the server each, ms")


def bench_bare(table: Table, servers: MailSettings, port: int, people: Sequence[str], places: Sequence[Place]) -> None:
    """On connections that are kept open."""
    for place in places:
        clients = [Bare(servers, port, login) for login in _of(people, place)]
        table.once("bare IMAP", "first list", place, lambda place=place, clients=clients: _first(clients[0], place))
        for client in clients[1:]:
            client.select(place.folder)
        table.once("bare IMAP", "first message", place, lambda clients=clients: clients[0].opened(0))
        table.row("bare IMAP", "list", place, [client.listed for client in clients])
        table.row("bare IMAP", "message", place, [client.opened for client in clients])
        table.once("bare IMAP", "first subject search", place, lambda clients=clients: clients[0].searched(0))
        for client in clients[1:]:
            client.searched(0)
        table.row("bare IMAP", "subject search", place, [client.searched for client in clients])
        for client in clients:
            client.client.logout()


def _first(client: Bare, place: Place) -> None:
    client.select(place.folder)
    client.listed(0)


def _of(people: Sequence[str], place: Place) -> Sequence[str]:
    return [people[0]] * len(people) if place.shared else people


def bench_roundcube(
    table: Table, made: Installation, servers: MailSettings, port: int, people: Sequence[str], places: Sequence[Place]
) -> None:
    """What its own page asks by clicks."""
    with roundcube.running(made.folder, servers, port) as here:
        server = [
            each for each in psutil.process_iter(["cmdline"]) if f"127.0.0.1:{here}" in (each.info["cmdline"] or [])
        ]
        server = list({each.pid: each for one in server for each in (one, *one.children(recursive=True))}.values())
        clients = [roundcube.Client(here) for _ in people]
        for client, login in zip(clients, people, strict=True):
            client.sign_in(login)
        for place in places:
            ours = [clients[0]] * len(clients) if place.shared else clients
            table.once("Roundcube", "first list", place, lambda place=place: clients[0].listed(place.folder))
            uids = {id(client): client.listed(place.folder) for client in set(ours)}
            opening = [_opener(client, place, uids[id(client)]) for client in ours]
            looking = [_searcher(client, place) for client in ours]
            table.once("Roundcube", "first message", place, lambda opening=opening: opening[0](0))
            table.row("Roundcube", "list", place, [_lister(client, place) for client in ours], server)
            table.row("Roundcube", "message", place, opening, server)
            table.once("Roundcube", "first subject search", place, lambda looking=looking: looking[0](0))
            for look in [] if place.shared else looking[1:]:
                look(0)
            table.row("Roundcube", "subject search", place, looking, server)


def _lister(client: roundcube.Client, place: Place) -> Doer:
    return lambda _number: client.listed(place.folder)


def _opener(client: roundcube.Client, place: Place, uids: list[int]) -> Doer:
    return lambda number: client.opened(place.folder, uids[number % len(uids)])


def _searcher(client: roundcube.Client, place: Place) -> Doer:
    names = words()
    return lambda _number: client.searched(place.folder, next(names))


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
            _bench_window(table, place, [visitors[0]] * len(visitors) if place.shared else visitors, web)


def _bench_window(table: Table, place: Place, visitors: Sequence[Visitor], web: Sequence[psutil.Process]) -> None:
    windows = [Window(visitor, place) for visitor in visitors]
    table.once("Nomade", "first list", place, lambda: windows[0].listed(0))
    for shift, window in enumerate(windows):
        window.walk(shift * 4 if place.shared else 0)
    table.once("Nomade", "first message", place, lambda: windows[0].opened(0))
    table.row("Nomade", "list", place, [window.listed for window in windows], web)
    table.row("Nomade", "list, whole page", place, [window.whole for window in windows], web)
    table.row("Nomade", "message", place, [window.opened for window in windows], web)
    # Each process of the portal reads the headers by itself.
    table.once("Nomade", "first subject search", place, windows[0].searched_first)
    for window in [*windows, *windows]:
        window.searched_first()
    table.row("Nomade", "subject search", place, [window.searched for window in windows], web)
    table.refused += sum(window.refused for window in windows)
    for window in windows:
        window.connection.close()


def _is_web(command: list[str], port: int) -> bool:
    return "granian" in command and str(port) in command


def _beside(
    table: Table, made: Installation, servers: MailSettings, people: Sequence[str], places: Sequence[Place]
) -> None:
    """The three of them on one network, each the first to open the folders of one person since Dovecot forgot them."""

    def forget() -> None:
        for place in places:
            mailboxes.forget(servers, people[0], "" if place.folder == "INBOX" else place.folder)

    with delayed(servers.imap_port, table.network) as port:
        forget()
        bench_bare(table, servers, port, people, places)
        made.settings["NOMADE_IMAP_URL"] = f"imap://127.0.0.1:{port}"
        forget()
        bench_portal(table, made, people, places)
        if roundcube.is_here():
            forget()
            bench_roundcube(table, made, servers, port, people, places)


def _told(table: Table, report: Report) -> None:
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    report.table(
        "The webmail beside bare IMAP and Roundcube",
        HEAD,
        table.rows,
        f"Load of the machine at the end: {load} (1, 5 and 15 minutes; 2 cores). "
        f"Answers « busy » of the portal, asked again: {table.refused}. {_faster(table.rows)}",
    )


def bench_mail(report: Report, sizes: Sequence[int], boxes: int) -> None:
    """Everything in one run; Roundcube where it is installed. A quarter of an hour at most on a quiet machine.

    `sizes`: the messages of everybody's inbox, and of a folder of one of them; `boxes`: mailboxes opened together.
    """
    small, large = min(sizes), max(sizes)
    table = Table()
    places = [Place("INBOX", small), Place(BIG_FOLDER, large, shared=True)]
    with installation() as made, embedded_mail(made.folder / "mail", domain="paris.fr", flavour="dovecot") as servers:
        made.settings |= servers.environment()
        made.nomade("demo", "--agents", "60")
        people = [line for line in made.nomade_script(_PEOPLE).split() if "@" in line][:CLIENTS]
        began = time.perf_counter()
        source = mailboxes.write(servers, people[0], small)
        for login in people[1:]:
            mailboxes.copy(servers, source, login)
            Bare(servers, servers.imap_port, login).warm("INBOX")
        mailboxes.write(servers, people[0], large, name=BIG_FOLDER)
        print(f"  mailboxes written: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        try:
            for seconds in (0.0, ROUND_TRIP):
                table.network = seconds
                _beside(table, made, servers, people, places)
        finally:
            # What was measured before a fault is worth reading.
            _told(table, report)
        home_while_frozen(made, servers, people, report)
        mailboxes_open(servers, mailboxes.write(servers, "modele@paris.fr", 60), boxes, report)


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
