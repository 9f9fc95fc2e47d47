"""`nomade doctor`: is everything that the portal needs in order? One line for each check."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from nomade.cli import bucket
from nomade.cli.arguments import Arguments
from nomade.cli.installation import checked, database_for_a_command, given_settings
from nomade.cli.mail_check import mail_answers
from nomade.config.environment import Environment
from nomade.kernel import clock
from nomade.runtime.data_folder import open_data_folder
from nomade.runtime.errors import StartRefused

OLDEST_POSTGRES = 15
WORST_CLOCK_SECONDS = 60
CERTIFICATE_DAYS = 14
SEAL_DAYS = 30
Check = Callable[[], str]


class Fault(Exception):
    """A check found something wrong."""


def doctor(arguments: Sequence[str]) -> int:
    """Runs every check; 0 when all is well, 1 with a line for each fault."""
    parser = Arguments(prog="nomade doctor", description=doctor.__doc__)
    parser.parse_args(list(arguments))
    faults = 0
    with ExitStack() as stack:
        for name, check in _checks(stack):
            try:
                print(f"✓ {name:<12} {check()}", flush=True)
            except (Fault, StartRefused) as fault:
                faults += 1
                print(f"✗ {name:<12} {fault}", file=sys.stderr, flush=True)
            except Exception as error:  # noqa: BLE001  a check that breaks is a fault to show, not a trace
                faults += 1
                print(f"✗ {name:<12} {type(error).__name__} : {error}", file=sys.stderr, flush=True)
    print("Tout va bien." if not faults else f"{faults} défaut{'s' if faults > 1 else ''}.")
    return 1 if faults else 0


def _checks(stack: ExitStack) -> Iterator[tuple[str, Check]]:
    """Each check in order; those that need the database come once it is reached."""
    yield "versions", _versions
    yield "réglages", _settings
    try:
        environment = checked(given_settings())
    except StartRefused:
        return  # said by the check of settings
    yield "stockage", lambda: _storage(environment)
    yield "certificat", lambda: _certificate(environment)
    yield "cachet", lambda: _cachet(environment)
    reached: list[bool] = []

    def reach() -> str:
        stack.enter_context(database_for_a_command(with_mail=True))
        import django

        django.setup()
        answer = _database()
        reached.append(True)
        return answer

    up_to_date: list[bool] = []

    def migrations() -> str:
        answer = _migrations()
        up_to_date.append(True)
        return answer

    yield "base", reach
    if reached:
        yield "horloge", _clock
        yield "courrier", _mail
        yield "migrations", migrations
    if up_to_date:
        yield "clés", _keys
        yield "journal", _journal
        yield "tâches", _jobs


def _journal() -> str:
    from nomade.kernel.audit import first_broken_link
    from nomade.kernel.models import AuditEvent

    broken = first_broken_link()
    if broken is not None:
        raise Fault(f"le maillon {broken.pk}, scellé le {broken.at:%d/%m/%Y}, ne correspond plus à ses événements")
    return f"{AuditEvent.objects.count()} événements, chaîne entière"


def _versions() -> str:
    from importlib.metadata import version

    import django

    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"Nomade {_own_version()}, Python {python}, Django {django.__version__}, granian {version('granian')}"


def _own_version() -> str:
    import tomllib

    project = Path(__file__).parents[2] / "pyproject.toml"
    return str(tomllib.loads(project.read_text())["project"]["version"]) if project.exists() else "?"


def _settings() -> str:
    environment = checked(given_settings())
    return f"NOMADE_ENV={environment.env}, services : {', '.join(environment.services)}"


def _storage(environment: Environment) -> str:
    open_data_folder(environment.data_dir)
    loose = [
        path
        for pattern in ("secrets/*", "tls/*.key")
        for path in environment.data_dir.glob(pattern)
        if path.stat().st_mode & 0o077
    ]
    if loose:
        raise Fault(f"{loose[0]} peut être lu par d’autres : chmod 600 {loose[0]}")
    if environment.storage_url.startswith("s3:"):
        try:
            return f"{environment.data_dir}, {bucket.check(environment)}"
        except OSError as error:
            raise Fault(f"le compartiment des documents ne répond pas : {error}") from error
    return str(environment.data_dir)


def _certificate(environment: Environment) -> str:
    from cryptography import x509

    path = Path(environment.tls_cert) if environment.tls_cert else environment.data_dir / "tls" / "server.pem"
    if not path.exists():
        if environment.tls_cert:
            raise Fault(f"{path} n’existe pas")
        return "sera créé au premier « nomade run »"
    end = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    left = end - clock.now()
    if left < timedelta(days=CERTIFICATE_DAYS):
        raise Fault(f"{path} expire le {end:%d/%m/%Y} : relancez « nomade run » ou renouvelez-le")
    return f"jusqu’au {end:%d/%m/%Y}"


def _cachet(environment: Environment) -> str:
    if not environment.cachet_p12:
        return "aucun : NOMADE_CACHET_P12 n’est pas donné"
    from nomade.files.p12 import SealUnusable, read_p12

    path = Path(environment.cachet_p12)
    if path.exists() and path.stat().st_mode & 0o007:
        raise Fault(f"{path} peut être lu par tous : chmod o-rwx {path}")
    try:
        seal = read_p12(path, environment.cachet_password)
    except SealUnusable as error:
        raise Fault(str(error)) from error
    left = seal.until - clock.now()
    if left < timedelta(days=SEAL_DAYS):
        raise Fault(f"« {seal.holder} » expire le {seal.until:%d/%m/%Y} : demandez un nouveau certificat")
    return f"« {seal.holder} », jusqu’au {seal.until:%d/%m/%Y}, sur {', '.join(environment.cachet_on)}"


def _database() -> str:
    from django.db import connection

    connection.ensure_connection()
    number = int(getattr(connection, "pg_version", 0)) // 10000
    if number < OLDEST_POSTGRES:
        raise Fault(f"PostgreSQL {number} est trop ancien : il faut {OLDEST_POSTGRES} ou plus récent")
    return f"PostgreSQL {number}"


def _migrations() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise Fault(f"{len(plan)} migrations ne sont pas appliquées : lancez « nomade prepare »")
    return "toutes appliquées"


def _keys() -> str:
    from nomade.kernel.encryption import seal, unseal

    context = b"doctor"
    if unseal(seal(b"essai", context=context), context=context) != b"essai":
        raise Fault("ce qui est chiffré ne se relit pas")
    return _oldest_file() or "chiffrent et déchiffrent"


def _oldest_file() -> str:
    """Reads the oldest stored document: the keys of today must still open it."""
    from django.apps import apps

    if not apps.is_installed("nomade.files"):
        return ""
    from nomade.files.models import StoredFile
    from nomade.files.store import read

    oldest = StoredFile.objects.order_by("pk").first()
    if oldest is None:
        return ""
    read(oldest)
    return "chiffrent, déchiffrent, et relisent le plus ancien document"


def _clock() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    gap = abs((row[0] - clock.now()).total_seconds())
    if gap > WORST_CLOCK_SECONDS:
        raise Fault(f"{gap:.0f} s d’écart avec la base : réglez l’heure de l’une des deux machines")
    return f"{gap:.1f} s d’écart avec la base"


def _jobs() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'todo'"
            " AND coalesce(scheduled_at, now()) < now() - interval '10 minutes') FROM procrastinate_jobs"
        )
        failed, late = cursor.fetchone()
    if late:
        raise Fault(f"{late} attendent depuis plus de dix minutes : le processus « tâches » tourne-t-il ?")
    return f"aucun retard, {failed} en échec"


def _mail() -> str:
    from django.conf import settings

    return mail_answers(settings.NOMADE)
