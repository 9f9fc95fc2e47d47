"""`nomade run`: everything that the portal needs, under one supervisor."""

from __future__ import annotations

import errno
import http.client
import os
import secrets
import signal
import socket
import ssl
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from nomade.cli.arguments import Arguments
from nomade.cli.demo_city import DEMO_PASSWORD, PERSONAS
from nomade.cli.installation import (
    DEMO_QUERY,
    EMPTY_QUERY,
    NO_ACCOUNT_QUERY,
    checked,
    complete,
    given_settings,
    mail_settings,
)
from nomade.config.environment import Environment, only_from_assistant
from nomade.kernel.ids import UNAMBIGUOUS
from nomade.runtime import mailserver, postgres
from nomade.runtime.certificates import Certificates, ensure_certificates
from nomade.runtime.data_folder import DataLock, open_data_folder
from nomade.runtime.errors import StartRefused
from nomade.runtime.processes import compiled_once
from nomade.runtime.supervisor import Stopped, Supervisor

#: Threads of one web worker; measured in docs/benchmarks.md.
BLOCKING_THREADS = 4
START_SECONDS = 60.0
RECOVERY_SECONDS = 600.0


@dataclass(frozen=True)
class Tls:
    """What the web server shows; `authority` is ours, or None with a real certificate."""

    certificate: Path
    key: Path
    authority: Path | None


def run(arguments: Sequence[str]) -> int:
    """Starts everything and stays until Ctrl-C (exit status 0) or until a part dies (1)."""
    started = time.monotonic()
    options = _parser().parse_args(list(arguments))
    settings = given_settings()
    if options.port is not None:
        settings["NOMADE_PORT"] = str(options.port)
    if options.zone:
        settings["NOMADE_ZONE"] = options.zone
    environment = checked(settings)
    open_data_folder(environment.data_dir)
    with DataLock(environment.data_dir, "run") as lock:
        _take(lock, environment.data_dir)
        bind = options.bind or ("0.0.0.0" if environment.production else "127.0.0.1")  # noqa: S104
        _check_port(bind, environment.port)
        tls = None if options.http else _tls(environment)
        if options.http and not environment.trusted_proxies:
            raise StartRefused(
                "L’option --http attend un serveur mandataire : donnez son adresse dans NOMADE_TRUSTED_PROXIES."
            )
        supervisor = Supervisor()
        try:
            launch = _Launch(supervisor, environment, complete(settings, environment), lock)
            launch.everything(bind, tls, wants_demo=not options.no_demo)
            launch.announce(tls, time.monotonic() - started)
            while True:
                supervisor.tend(3600)
        except Stopped:
            supervisor.say("Arrêt demandé…")
        finally:
            supervisor.stop_all()
        supervisor.say("Tout est arrêté.")
    return 0


def _parser() -> Arguments:
    parser = Arguments(prog="nomade run", description="Démarre le portail et tout ce qu’il lui faut.")
    parser.add_argument("--port", type=int, metavar="N", help="port HTTPS (8443 ; 443 en production)")
    parser.add_argument("--bind", metavar="ADRESSE", help="adresse d’écoute (127.0.0.1 ; 0.0.0.0 en production)")
    parser.add_argument("--no-demo", action="store_true", help="sur une base vide, ouvre l’assistant d’installation")
    parser.add_argument("--zone", choices=["internet"], help="traite cette machine comme un réseau extérieur")
    parser.add_argument("--http", action="store_true", help="sans TLS, derrière un mandataire de cette machine")
    return parser


def _take(lock: DataLock, folder: Path) -> None:
    if lock.acquire():
        return
    holder = lock.holder()
    who = f" (processus {holder[1]})" if holder else ""
    raise StartRefused(f"Nomade tourne déjà sur les données de {folder}{who} : arrêtez-le d’abord.")


def _check_port(bind: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
            probe.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartRefused(
                    f"Le port {port} est déjà pris : arrêtez l’autre programme ou choisissez-en un autre,"
                    f" par exemple « make run PORT={port + 1} »."
                ) from error
            if error.errno == errno.EACCES:
                raise StartRefused(
                    f"Le port {port} demande des droits particuliers : prenez-en un au-dessus de 1023, ou donnez"
                    " CAP_NET_BIND_SERVICE au service."
                ) from error
            raise StartRefused(f"Impossible d’écouter sur {bind}, port {port} : {error.strerror}.") from error


def free_port(bind: str, wanted: int) -> int:
    """`wanted` when nobody has it, else any free port."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((bind, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StartRefused(f"Impossible d’écouter sur {bind} : aucun port n’est libre.")


def _tls(environment: Environment) -> Tls:
    if bool(environment.tls_cert) != bool(environment.tls_key):
        missing = "NOMADE_TLS_KEY" if environment.tls_cert else "NOMADE_TLS_CERT"
        raise StartRefused(f"Réglage {missing} : il manque ; le certificat et sa clé vont ensemble.")
    if not environment.tls_cert:
        own: Certificates = ensure_certificates(environment.data_dir / "tls", sorted(environment.hosts.values()))
        return Tls(own.certificate, own.key, own.authority)
    certificate, key = Path(environment.tls_cert), Path(environment.tls_key)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise StartRefused(
            f"Réglage NOMADE_TLS_CERT : le certificat et sa clé ne peuvent pas être lus ({error})."
        ) from error
    return Tls(certificate, key, None)


DEMO_NUMBERS = {
    "NOMADE_SUPPORT_PHONE": "01 99 00 40 40",
    "NOMADE_SUPPORT_NUMBERS": "Depuis un poste fixe=4 04 04,Nuit et week-end=01 99 00 40 41",
}


class _Launch:
    """One start, step by step."""

    def __init__(
        self, supervisor: Supervisor, environment: Environment, settings: dict[str, str], lock: DataLock
    ) -> None:
        self._supervisor = supervisor
        self._environment = environment
        self._settings = settings
        self._lock = lock
        self._embedded: dict[str, str] = {}
        self._setup_code = ""

    @property
    def _variables(self) -> dict[str, str]:
        """The environment of our own programs."""
        ours = {"DJANGO_SETTINGS_MODULE": "nomade.config.settings", "PYTHONUNBUFFERED": "1"}
        assistant = only_from_assistant()
        settings = {name: value for name, value in self._settings.items() if name not in assistant}
        return {**compiled_once(os.environ, self._environment.data_dir.resolve() / "python"), **settings, **ours}

    def everything(self, bind: str, tls: Tls | None, *, wants_demo: bool) -> None:
        """Starts the parts in order, each once the former answers."""
        if wants_demo and not self._environment.production:
            # Numbers that are nobody's (kept for fiction by the regulator), for the pages that show whom to call.
            for name, value in DEMO_NUMBERS.items():
                self._settings.setdefault(name, value)
        self._database()
        self._mail()
        self._lock.publish(self._settings)
        self._step("préparation", "prepare")
        if wants_demo and not self._environment.production and self._asks(EMPTY_QUERY):
            self._supervisor.say("La base est vide : création d’une ville de démonstration…")
            self._step("démonstration", "demo")
        if self._asks(NO_ACCOUNT_QUERY):
            # Nobody can sign in: the first page is the set-up assistant, opened by a code that only the terminal shows.
            signs = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(16))
            self._setup_code = "-".join(signs[start : start + 4] for start in range(0, 16, 4))
        # Without its supervisor the database ends too: a worker that then says goodbye politely waits for it for ever.
        # Jobs cut short are given back to the queue by the next worker.
        worker = [sys.executable, "-m", "nomade", "procrastinate", "worker", "--concurrency", "2"]
        self._supervisor.launch("tâches", worker, self._variables, orphan_signal=signal.SIGKILL)
        self._live(bind, tls)
        self._web(bind, tls)

    def _step(self, label: str, command: str) -> None:
        self._supervisor.run_step(label, [sys.executable, "-m", "nomade", command], self._variables)

    def _asks(self, question: str) -> bool:
        with psycopg.connect(self._settings["NOMADE_DATABASE_URL"]) as connection:
            row = connection.execute(question.encode()).fetchone()
        return bool(row and row[0])

    def _database(self) -> None:
        url = self._settings.get("NOMADE_DATABASE_URL", "")
        if url:
            self._supervisor.say("Base de données : celle de NOMADE_DATABASE_URL.")
            try:
                psycopg.connect(url, connect_timeout=5).close()
            except psycopg.Error as error:
                reason = str(error).strip().splitlines()[0]
                raise StartRefused(f"La base de NOMADE_DATABASE_URL ne répond pas : {reason}") from error
            return
        cluster = postgres.prepare(self._environment.data_dir / "postgres")
        child = self._supervisor.adopt(
            "base",
            lambda log: postgres.start(cluster, log=log),
            stop_signal=signal.SIGINT,
            grace=20,
            chatter=postgres.CHATTER,
        )
        # After a crash the server first replays its journal: give it time.
        self._supervisor.wait_for("base", partial(postgres.is_ready, cluster, child.process), seconds=RECOVERY_SECONDS)
        postgres.wait_until_ready(cluster, child.process)
        self._settings["NOMADE_DATABASE_URL"] = cluster.url

    def _mail(self) -> None:
        if self._environment.imap_url or self._environment.smtp_url:
            self._supervisor.say("Courrier : celui de NOMADE_IMAP_URL et NOMADE_SMTP_URL.")
            return
        if self._environment.production:
            self._supervisor.say(
                "Courrier : serveurs embarqués, qui n’échangent qu’entre agents ; indiquez les vôtres"
                " dans NOMADE_IMAP_URL et NOMADE_SMTP_URL."
            )
        mail = mail_settings(self._environment, self._settings["NOMADE_DATABASE_URL"])
        for name, start in mailserver.starters(mail).items():
            self._supervisor.adopt(name, start, chatter=mailserver.CHATTER)
        for port in (mail.imap_port, mail.smtp_port, mail.sieve_port):
            self._supervisor.wait_for("courrier", partial(mailserver.listens, port), seconds=START_SECONDS)
        self._settings.update(mail.environment())

    def _live(self, bind: str, tls: Tls | None) -> None:
        """New mail told to pages at once; without it they ask from time to time, so its death stops nothing."""
        asked = self._settings.get("NOMADE_LIVE_PORT", "")
        if asked == "0" or "mail" not in self._environment.services or (tls is None and not asked):
            return
        port = int(asked) if asked else free_port(bind, self._environment.port + 1)
        self._settings["NOMADE_LIVE_PORT"] = str(port)
        command = [sys.executable, "-m", "nomade", "live", "--bind", bind, "--port", str(port)]
        if tls:
            command += ["--certificate", str(tls.certificate), "--key", str(tls.key)]
        without = "le portail continue sans lui, et les pages demandent les nouveaux messages une fois par minute."
        self._supervisor.launch("direct", command, self._variables, must_live=False, without=without)

    def _web(self, bind: str, tls: Tls | None) -> None:
        workers = len(os.sched_getaffinity(0))
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", bind]
        command += ["--port", str(self._environment.port), "--http", "auto", "--no-ws"]
        command += ["--workers", str(workers), "--blocking-threads", str(BLOCKING_THREADS)]
        command += ["--log-level", "warning", "--workers-kill-timeout", "5"]
        if tls:
            command += ["--ssl-certificate", str(tls.certificate), "--ssl-keyfile", str(tls.key)]
            command += ["--ssl-protocol-min", "tls1.2"]  # older browsers still sign in
        variables = {
            **self._variables,
            "NOMADE_SETUP_CODE": self._setup_code,
            "NOMADE_WEB_THREADS": str(BLOCKING_THREADS),
        }
        self._supervisor.launch("web", [*command, "nomade.config.wsgi:application"], variables)
        address = "127.0.0.1" if bind == "0.0.0.0" else bind  # noqa: S104
        self._supervisor.wait_for("web", partial(self._answers, address, tls), seconds=START_SECONDS)

    def _answers(self, address: str, tls: Tls | None) -> bool:
        """Whether the portal says it is alive; this checks that we answer, not who we are."""
        host, port = self._environment.portal_host, self._environment.port
        try:
            plain = socket.create_connection((address, port), timeout=2)
        except OSError:
            return False
        connection = http.client.HTTPConnection(address, port, timeout=5)
        try:
            connection.sock = plain
            if tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                connection.sock = context.wrap_socket(plain, server_hostname=host)
            connection.request("GET", "/healthz", headers={"Host": f"{host}:{port}"})
            return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def announce(self, tls: Tls | None, seconds: float) -> None:
        """Says where to go."""
        say, environment = self._supervisor.say, self._environment
        scheme, port = ("https", environment.port) if tls else ("http", environment.port)
        suffix = "" if port == (443 if tls else 80) else f":{port}"
        say(f"Nomade est prêt, en {seconds:.0f} s.")
        say()
        say(f"  Portail      {scheme}://{environment.portal_host}{suffix}/")
        say(f"  Messagerie   {scheme}://{environment.webmail_host}{suffix}/")
        say(f"  Assistance   {scheme}://{environment.support_host}{suffix}/")
        say()
        if self._setup_code:
            say("  Personne n’a encore de compte : l’adresse du portail ouvre l’assistant d’installation.")
            say(f"  Code d’installation : {self._setup_code}")
            say()
        if not environment.production and self._asks(DEMO_QUERY):
            say(f"  Comptes de démonstration, mot de passe « {DEMO_PASSWORD} » :")
            for login, who in PERSONAS.items():
                say(f"    {login:<26} {who}")
            say()
        if tls and tls.authority:
            say(f"  Le certificat est signé par {tls.authority} ; docs/operations.md dit comment lui faire confiance.")
        say("  Ctrl-C arrête tout.")
