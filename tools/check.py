"""`make check`: everything that reads the code without running it. All checks run; the status tells if one failed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FRONTEND = ROOT / "frontend"
#: Licences that may be imported by a program under EUPL-1.2; matched on the words of each package's own statement.
GOOD_LICENCES = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser General Public|Unlicense|CC0|0BSD|Zlib"
    r"|HPND|Public Domain|EUPL|PostgreSQL|BlueOak|OFL",
    re.IGNORECASE,
)
#: Tools that we run but never import or ship.
TOOLS_ONLY = {"djlint", "pathspec", "cssbeautifier", "jsbeautifier"}
#: Licences that a package ships as a file but forgets to declare; each was read.
READ_LICENCES = {"IMAPClient": "BSD-3-Clause"}
PRODUCTION = {
    "NOMADE_ENV": "production",
    "NOMADE_SECRET_KEY": "check-only-" + "abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRST",
    "NOMADE_ENCRYPTION_KEYS": "check:Y2hlY2sgb25seSwgbmV2ZXIgdXNlZCBmb3IgcmVhbCE=",
    "NOMADE_DATABASE_URL": "postgresql:///nomade",
    "NOMADE_PORTAL_HOST": "portail.ville.example",
    "NOMADE_WEBMAIL_HOST": "webmail.ville.example",
    "NOMADE_CONTENT_HOST": "contenu.ville.example",
    "NOMADE_SUPPORT_HOST": "assistance.ville.example",
}
UNREACHABLE = re.compile(
    r"ConnectionError|Max retries|Temporary failure|Name or service|timed out|403|404|50\d Server", re.IGNORECASE
)


def tool(*command: str | Path, environment: dict[str, str] | None = None, cwd: Path = ROOT) -> str | None:
    """Runs a tool; None when it is content, else what it said."""
    result = subprocess.run(
        command,
        check=False,
        cwd=cwd,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, **(environment or {})},
    )
    return None if result.returncode == 0 else (result.stdout + result.stderr).strip()


def style() -> str | None:
    """ruff: faults."""
    return tool(BIN / "ruff", "check", "--quiet")


def layout() -> str | None:
    """ruff: layout."""
    return tool(BIN / "ruff", "format", "--check", "--quiet")


def types() -> str | None:
    """Mypy --strict."""
    return tool(BIN / "mypy")


def layers() -> str | None:
    """import-linter."""
    return tool(BIN / "lint-imports", "--no-cache")


def templates() -> str | None:
    """Djlint."""
    return tool(BIN / "djlint", "nomade", "--lint", "--quiet")


def typescript() -> str | None:
    """Tsc --noEmit."""
    launcher = FRONTEND / "node_modules" / "typescript" / "bin" / "tsc"
    return tool(BIN / "node", launcher, "--noEmit", cwd=FRONTEND)


def migrations() -> str | None:
    """Every change of a model has its migration."""
    return tool(sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", environment=_django())


def deployment() -> str | None:
    """Django's own advice for production."""
    command = [sys.executable, "-W", "ignore", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return tool(*command, environment=_django() | PRODUCTION)


def _django() -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "nomade.config.settings", "PYTHONWARNINGS": "ignore::RuntimeWarning"}


def addresses() -> str | None:
    """No lock file names a download address."""
    locks = [*sorted((ROOT / "requirements").glob("*.txt")), *sorted(ROOT.glob("*/package-lock.json"))]
    locks += sorted(ROOT.glob("tests/*/package-lock.json"))
    faults = []
    for path in locks:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            named = re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host|\"resolved\"", line)
            if named and '"url"' not in line and '"funding"' not in line:
                faults.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    return "\n".join(faults) or None


def licences() -> str | None:
    """Every library we import may be used by a program under EUPL-1.2."""
    result = subprocess.run([BIN / "pip-licenses", "--format=json"], check=True, capture_output=True, text=True)
    faults = [
        f"{package['Name']} {package['Version']}: {package['License']}"
        for package in json.loads(result.stdout)
        if package["Name"].lower() not in TOOLS_ONLY
        and not GOOD_LICENCES.search(READ_LICENCES.get(package["Name"], package["License"]))
    ]
    for manifest in sorted((FRONTEND / "node_modules").glob("**/package.json")):
        content = json.loads(manifest.read_text(errors="replace"))
        licence = content.get("license")
        if content.get("name") and content.get("version") and not GOOD_LICENCES.search(str(licence)):
            faults.append(f"{content['name']}: {licence}")
    return "\n".join(faults) or None


def vulnerabilities() -> str | None:
    """pip-audit; a registry that does not answer is said, not counted as a fault."""
    faults = []
    for name in ("main", "embedded"):
        options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--timeout", "10"]
        said = tool(BIN / "pip-audit", *options, "--requirement", f"requirements/{name}.txt")
        if said and UNREACHABLE.search(said):
            print("    (le service des vulnérabilités ne répond pas : vérification non faite)", flush=True)
            return None
        if said:
            faults.append(said)
    return "\n".join(faults) or None


def acceptance_list() -> str | None:
    """Prints which test holds each row of docs/security.md."""
    command = [sys.executable, str(ROOT / "tools" / "acceptance.py")]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    return done.stderr or None


CHECKS: dict[str, Callable[[], str | None]] = {
    "style": style,
    "mise en forme": layout,
    "types": types,
    "couches": layers,
    "gabarits": templates,
    "TypeScript": typescript,
    "migrations": migrations,
    "réglages de production": deployment,
    "adresses dans les verrous": addresses,
    "exigences de sécurité": acceptance_list,
    "licences": licences,
    "vulnérabilités": vulnerabilities,
}


def main() -> int:
    """Runs each check, or those named; returns 1 when one has something to say."""
    failed = []
    wanted = sys.argv[1:] or list(CHECKS)
    for name in wanted:
        started = time.monotonic()
        said = CHECKS[name]()
        print(f"{'✗' if said else '✓'} {name} ({time.monotonic() - started:.0f} s)", flush=True)
        if said:
            failed.append(name)
            print("\n".join(f"    {line}" for line in said.splitlines()[-60:]), flush=True)
    if failed:
        print(f"À corriger : {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
