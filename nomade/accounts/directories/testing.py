"""Real directories for tests, on loopback."""

from __future__ import annotations

import base64
import re
import selectors
import shutil
import socket
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

SLAPD_PATH = "/usr/sbin:/usr/local/sbin:/usr/local/libexec"
ROOT_DN, ROOT_PASSWORD = "cn=portail,dc=ville,dc=fr", "secret-of-the-portal"
PROVIDER = Path(__file__).resolve().parents[3] / "tests" / "directory"
READY_SECONDS = 30


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def oidc_provider(redirect_uri: str, *, seconds: int = 3600, told_at: str = "") -> Iterator[str]:
    """`oidc-provider` of npm for the length of the block, access tokens living `seconds`; gives its issuer.

    `told_at`: where it says itself that somebody has left it.
    """
    node = Path(sys.executable).parent / "node"
    if not node.exists() or not (PROVIDER / "node_modules").is_dir():
        raise RuntimeError("Le fournisseur OpenID Connect des tests manque : python3 tools/bootstrap.py --tests")
    port = free_port()
    process = subprocess.Popen(
        [node, "provider.mjs", str(port), redirect_uri, str(seconds), *filter(None, [told_at])],
        cwd=PROVIDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_line(process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def wait_for_line(process: subprocess.Popen[bytes]) -> None:
    """Until the program has said something on its standard output. Raises RuntimeError when it does not."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(READY_SECONDS) or not process.stdout.readline():
            raise RuntimeError("the provider did not start")


class _Stop(urllib.request.HTTPRedirectHandler):
    """Follows the provider's redirects, and stops at the one that leads back to us."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not newurl.startswith("http://127.0.0.1:"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def person_at_provider(address: str, login: str, cookies: CookieJar | None = None) -> str:
    """What a person does at the provider: types a login, agrees, and is sent back; gives the address of the return."""
    opener = _browser(CookieJar() if cookies is None else cookies)
    form: dict[str, str] | None = None
    for _step in range(4):
        try:
            data = urllib.parse.urlencode(form).encode() if form else None
            with opener.open(address, data, timeout=10) as answer:
                page, here = answer.read().decode(), answer.url
        except urllib.error.HTTPError as error:
            back = error.headers.get("Location")
            if not back:
                raise
            return str(back)
        action = re.search(r'action="([^"]+)"', page)
        assert action, page[:500]
        address = urllib.parse.urljoin(here, action[1])
        asks_login = 'name="login"' in page
        form = {"prompt": "login", "login": login, "password": "x"} if asks_login else {"prompt": "consent"}
    raise AssertionError("the provider asks for ever")


def leave_provider(issuer: str, cookies: CookieJar) -> None:
    """The same person closes their session at the provider, which then tells those whom it had opened."""
    opener = _browser(cookies)
    with opener.open(f"{issuer}/session/end", timeout=10) as answer:
        page = answer.read().decode()
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page)) | {"logout": "yes"}
    data = urllib.parse.urlencode(fields).encode()
    opener.open(f"{issuer}/session/end/confirm", data, timeout=10).close()


def _browser(cookies: CookieJar) -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Stop, urllib.request.HTTPCookieProcessor(cookies))


@contextmanager
def slapd(
    folder: Path, people: dict[str, str], *, late: Collection[str] = (), first: Collection[str] = ()
) -> Iterator[int]:
    """OpenLDAP's own server for the length of the block, with people (login → password); gives its port, with StartTLS.

    Five failed binds lock an entry there (ppolicy), as in many towns. The passwords of `late` have expired; those of
    `first` must be changed before anything else.
    """
    program = shutil.which("slapd", path=SLAPD_PATH)
    if program is None:
        raise RuntimeError("slapd manque : apt install slapd")
    port = free_port()
    (folder / "base").mkdir()
    (folder / "slapd.conf").write_text(_SLAPD_CONF.format(folder=folder, password=ROOT_PASSWORD, root=ROOT_DN))
    ldif = folder / "people.ldif"
    ldif.write_text(_LDIF + "".join(_person(*pair) + _state(pair[0], late, first) for pair in people.items()))
    conf = str(folder / "slapd.conf")
    add = [program, "-T", "add", "-f", conf, "-l", str(ldif)]
    loaded = subprocess.run(add, capture_output=True, text=True, check=False)
    if loaded.returncode:
        raise RuntimeError(f"slapadd : {loaded.stderr}")
    command = [program, "-f", conf, "-h", f"ldap://127.0.0.1:{port}", "-d", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _person(login: str, password: str) -> str:
    name = login.partition("@")[0]
    return (
        f"\ndn: uid={name},dc=ville,dc=fr\nobjectClass: inetOrgPerson\nuid: {name}\ncn: {name}\nsn: {name}\n"
        f"mail: {login}\nuserPassword:: {base64.b64encode(password.encode()).decode()}\n"
    )


def _state(login: str, late: Collection[str], first: Collection[str]) -> str:
    changed = "pwdChangedTime: 20200101000000Z\n" if login in late else ""
    return changed + ("pwdReset: TRUE\n" if login in first else "")


def _wait_for_port(port: int) -> None:
    for _try in range(READY_SECONDS * 20):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    raise RuntimeError("slapd did not start")


_SLAPD_CONF = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
TLSCACertificateFile {folder}/cert.pem
database mdb
suffix "dc=ville,dc=fr"
rootdn "{root}"
rootpw {password}
directory {folder}/base
overlay ppolicy
ppolicy_default "cn=policy,dc=ville,dc=fr"
ppolicy_hash_cleartext
access to attrs=userPassword by self write by anonymous auth by * none
access to * by self read by anonymous auth by * none
"""
_LDIF = """dn: dc=ville,dc=fr
objectClass: dcObject
objectClass: organization
dc: ville
o: Ville

dn: cn=policy,dc=ville,dc=fr
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxAge: 7776000
pwdMustChange: TRUE
pwdMaxFailure: 5
pwdMinLength: 15
pwdCheckQuality: 2
pwdAllowUserChange: TRUE
"""
