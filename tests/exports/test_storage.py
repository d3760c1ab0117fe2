"""Files on a disk and in a bucket: every door of the storage does the same with both."""

from __future__ import annotations

import io
import tarfile
from uuid import uuid4

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from billing.quotes.gateways import signed_files
from config.storage import storage_of
from dpa.gateways import backups
from exports.gateways import storage

BUCKET = "preau-essais"
DISK = {"BACKEND": "django.core.files.storage.FileSystemStorage"}


@pytest.fixture(scope="module")
def bucket():
    """Return the address of a bucket on a server of this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "essai")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "essai")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        server.start()
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket=BUCKET)
        yield f"s3://{BUCKET}/{{prefix}}?endpoint={endpoint}&region=us-east-1"
        server.stop()


@pytest.fixture(params=["disk", "s3"])
def place(request, settings, tmp_path):
    """Put files on a disk, or into a bucket."""
    if request.param == "disk":
        settings.STORAGES = settings.STORAGES | {"default": DISK}
        settings.MEDIA_ROOT = tmp_path
    else:
        address = request.getfixturevalue("bucket").format(prefix=uuid4().hex)
        settings.STORAGES = settings.STORAGES | {"default": storage_of(address)}
    return request.param


def test_what_is_written_piece_by_piece_is_read_again(place):
    pieces = [b"a" * 300_000, b"", b"b", b"c" * 7]
    assert storage.write("t/exports/1/part.bin", iter(pieces)) == 300_008
    assert storage.read("t/exports/1/part.bin") == b"".join(pieces)
    assert b"".join(storage.pieces_of("t/exports/1/part.bin")) == b"".join(pieces)
    with storage.opened("t/exports/1/part.bin") as file:
        assert file.read(3) == b"aaa"
    assert storage.exists("t/exports/1/part.bin")
    assert storage.size("t/exports/1/part.bin") == 300_008


def test_what_is_written_twice_stands_once_under_its_name(place):
    storage.write("t/a.txt", [b"before"])
    storage.write("t/a.txt", [b"after"])
    assert storage.read("t/a.txt") == b"after"
    assert list(storage.walk("t")) == ["t/a.txt"]


def test_an_empty_file_is_one(place):
    assert storage.write("t/empty", iter(())) == 0
    assert storage.read("t/empty") == b""


def test_a_folder_goes_with_all_it_holds_and_nothing_else(place):
    for name in ("t/photos/1.jpg", "t/photos/deep/2.jpg", "t/x.pdf", "tt/stays.jpg"):
        storage.write(name, [b"x"])
    assert list(storage.walk()) == ["t/x.pdf", "t/photos/1.jpg", "t/photos/deep/2.jpg", "tt/stays.jpg"]
    assert storage.delete_folder("t") == 3
    assert list(storage.walk()) == ["tt/stays.jpg"]
    assert storage.delete_folder("t") == 0


def test_deleting_counts_what_was_there(place):
    storage.write("t/a", [b"x"])
    assert storage.delete(["t/a", "t/b", ""]) == 1
    assert not storage.exists("t/a")


def test_two_files_of_one_name_are_two(place):
    first = default_storage.save("t/photo.jpg", ContentFile(b"one"))
    second = default_storage.save("t/photo.jpg", ContentFile(b"two"))
    assert first != second
    assert storage.read(first) == b"one"


def test_a_signed_quote_is_kept_and_read(place):
    with signed_files.stored(b"%PDF-1.7 signed") as name:
        assert signed_files.read_signed(name) == b"%PDF-1.7 signed"
    with pytest.raises(LookupError), signed_files.stored(b"refused") as refused:
        raise LookupError
    assert not storage.exists(refused)


def test_a_backup_takes_the_files_along(place):
    storage.write("t/photos/é.jpg", [b"photo"])
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in storage.walk():
            backups._add(tar, name)
        backups._add(tar, "t/gone-meanwhile.jpg")
    out.seek(0)
    with tarfile.open(fileobj=out) as tar:
        assert tar.getnames() == ["t/photos/é.jpg"]
        assert tar.extractfile("t/photos/é.jpg").read() == b"photo"


@pytest.mark.parametrize("address", ["", "gs://bucket", "s3://", "s3://b?key=1", "/srv/files"])
def test_an_address_that_is_no_bucket_is_refused(address):
    with pytest.raises(ValueError, match="PREAU_STORAGE"):
        storage_of(address)
