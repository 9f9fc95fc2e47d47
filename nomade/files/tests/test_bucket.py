"""Documents in a bucket: the same promises as on a disk, against an S3 server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import boto3
import pytest
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from nomade.config.environment import SettingError, read_environment
from nomade.config.storage import document_storage
from nomade.files import sealing, store
from nomade.files.bucket import Bucket
from nomade.files.store import DocumentDamaged, DocumentUnavailable
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SECRET = b"Net 2 107,14 euros of Camille Durand" * 40


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real HTTP server that speaks S3."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        running.stop()


def _client(server: str) -> Any:
    keys = {"aws_access_key_id": "portal", "aws_secret_access_key": "secret-of-the-portal"}
    return boto3.client("s3", endpoint_url=server, region_name="us-east-1", **keys)


def _use(settings: Any, url: str) -> Bucket:
    given = {
        "NOMADE_STORAGE_URL": url,
        "NOMADE_STORAGE_ACCESS_KEY": "portal",
        "NOMADE_STORAGE_SECRET_KEY": "secret-of-the-portal",
    }
    all_storages = deepcopy(settings.STORAGES)
    all_storages["documents"] = document_storage(read_environment(given))
    settings.STORAGES = all_storages
    bucket = storages["documents"]
    assert isinstance(bucket, Bucket)
    return bucket


@pytest.fixture
def bucket(server: str, settings: Any) -> Bucket:
    """The documents of the test, in an empty bucket."""
    client = _client(server)
    client.create_bucket(Bucket="dossiers")
    for item in client.list_objects_v2(Bucket="dossiers").get("Contents", []):
        client.delete_object(Bucket="dossiers", Key=item["Key"])
    return _use(settings, f"s3://dossiers?endpoint={server}&prefix=nomade")


def _put(owner: Agent) -> Any:
    return store.put(SECRET, owner=owner, kind="payslip", name="b.pdf", content_type="application/pdf")


def test_what_is_put_in_the_bucket_is_read_back_and_nothing_readable_lies_there(
    agent: Agent, bucket: Bucket, server: str
) -> None:
    stored = _put(agent)

    assert store.read(stored) == SECRET
    (item,) = _client(server).list_objects_v2(Bucket="dossiers")["Contents"]
    assert item["Key"] == f"nomade/{stored.storage_name}"
    raw = _client(server).get_object(Bucket="dossiers", Key=item["Key"])["Body"].read()
    assert b"Camille" not in raw


def test_a_document_written_twice_is_there_once(agent: Agent, bucket: Bucket) -> None:
    first = _put(agent)
    again = sealing.write(sealing.Content(first.pk, agent.pk, SECRET))

    assert again.storage_name == first.storage_name
    assert list(bucket.names()) == [first.storage_name]


def test_an_object_changed_in_the_bucket_is_not_served(agent: Agent, bucket: Bucket, server: str) -> None:
    stored = _put(agent)
    _client(server).put_object(Bucket="dossiers", Key=f"nomade/{stored.storage_name}", Body=b"something else")

    with pytest.raises(DocumentDamaged):
        store.read(stored)


def test_an_object_removed_from_the_bucket_is_not_served(agent: Agent, bucket: Bucket) -> None:
    stored = _put(agent)
    bucket.delete(stored.storage_name)

    with pytest.raises(DocumentDamaged):
        store.read(stored)
    assert not bucket.exists(stored.storage_name)


def test_a_bucket_that_is_absent_or_a_server_that_is_down_is_said_in_a_sentence(
    agent: Agent, bucket: Bucket, server: str, settings: Any
) -> None:
    stored = _put(agent)
    _use(settings, f"s3://absent-bucket?endpoint={server}")
    with pytest.raises(DocumentUnavailable, match="Rien n’est perdu"):
        _put(agent)
    down = _use(settings, "s3://dossiers?endpoint=http://127.0.0.1:9&prefix=nomade")
    with pytest.raises(DocumentUnavailable, match="Rien n’est perdu"):
        store.read(stored)
    with pytest.raises(OSError, match=r"127\.0\.0\.1:9"):
        down.check()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"STORAGE_URL": "s3://Key:secret@bucket"}, "nom du compartiment"),
        ({"STORAGE_URL": "s3://dossiers?point=https://s3"}, "« point » n’est pas une option"),
        ({"STORAGE_URL": "s3://dossiers?endpoint=s3.ville.fr"}, "commence par https://"),
        ({"STORAGE_URL": "s3://dossiers", "STORAGE_ACCESS_KEY": "portal"}, "il faut les deux"),
    ],
)
def test_a_wrong_address_of_bucket_stops_the_start_with_a_sentence(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        read_environment({f"NOMADE_{name}": value for name, value in given.items()})


def test_without_its_libraries_a_bucket_stops_the_start_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingError, match=r"requirements/s3\.txt"):
        read_environment({"NOMADE_STORAGE_URL": "s3://dossiers"})
