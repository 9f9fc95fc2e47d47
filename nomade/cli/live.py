"""`nomade live`: new mail told to pages at once, from a small process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nomade.cli.arguments import Arguments


def live(arguments: Sequence[str]) -> int:
    """Serves until it is stopped. `nomade run` starts it by itself; an operator of several nodes runs one a node."""
    parser = Arguments(prog="nomade live", description="Annonce les nouveaux messages aux pages ouvertes.")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADRESSE", help="adresse d’écoute")
    parser.add_argument("--port", type=int, required=True, metavar="N", help="port (NOMADE_LIVE_PORT)")
    parser.add_argument("--certificate", type=Path, help="certificat TLS (PEM)")
    parser.add_argument("--key", type=Path, help="clé du certificat")
    options = parser.parse_args(arguments)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "nomade.config.asgi:application",
        address=options.bind,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        ssl_cert=options.certificate,
        ssl_key=options.key,
    ).serve()
    return 0
