"""Starting: where things are put, the database that ends with its last user, locks."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

LIB = Path(__file__).resolve().parents[2] / "script" / "lib"


@pytest.fixture(autouse=True)
def lib(monkeypatch):
    monkeypatch.syspath_prepend(str(LIB))


@pytest.fixture
def ground(tmp_path):
    from ground import Ground

    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(0o755)
    real = Path(sys.prefix)
    (tmp_path / ".venv").symlink_to(real)
    return Ground(tmp_path, tmp_path)


def test_a_folder_nobody_else_may_enter_is_not_open_to_all(tmp_path):
    from ground import open_to_all

    tmp_path.chmod(0o700)
    assert not open_to_all(tmp_path)
    assert open_to_all(Path("/usr/bin"))


def test_a_lock_is_held_by_one(tmp_path):
    from ground import lock, open_lock, try_lock

    other = open_lock(tmp_path / "x.lock")
    with lock(tmp_path / "x.lock"):
        assert not try_lock(other)
    assert try_lock(other)
    os.close(other)


def test_the_database_ends_with_its_last_user(ground):
    from database import address, cluster_in, leave, use, wait_for_rest

    cluster = cluster_in(ground.checkout / "with space" / "postgres", ground, throwaway=True)
    url, first = use(cluster)
    again, second = use(cluster)
    assert url == again
    said = subprocess.run(
        [cluster.program("psql"), url, "-Atc", "select lower('ÉLAN')"], capture_output=True, text=True
    )
    assert said.stdout.strip() == "élan", said.stderr
    leave(first)
    assert not wait_for_rest(cluster, seconds=0.5)
    leave(second)
    assert wait_for_rest(cluster)
    assert address(cluster) is None


def test_folders_of_killed_runs_go_with_the_next(ground):
    from instance import temporary_folder

    ground.state.mkdir()
    left = ground.state / "test-old"
    left.mkdir()
    (left / "owner.lock").touch()
    with temporary_folder(ground, "test") as folder:
        assert not left.exists()
        assert folder.exists()
    assert not folder.exists()


def test_a_copy_of_the_environment_is_known_by_its_lock_files(ground):
    import environment

    for name in environment.LOCKS.values():
        (ground.checkout / name).write_text(name)
    first = environment._fingerprints(ground)
    (ground.checkout / environment.LOCKS["run"]).write_text("changed")
    assert environment._fingerprints(ground)["run"] != first["run"]
    assert environment._fingerprints(ground)["test"] == first["test"]


def test_the_closing_line_of_pytest_is_known():
    from checks import CLOSING

    assert CLOSING.match("====== 3 passed, 1 skipped in 2.31s ======")
    assert CLOSING.match("12 failed, 900 passed in 631.20s (0:10:31)")
    assert not CLOSING.match("3 passed")


def test_the_port_of_manage_comes_first():
    from command import _port
    from ground import Stop

    assert _port(["--port", "8001", "check"]) == (8001, ["check"])
    assert _port(["vat", "--rate", "20"])[1] == ["vat", "--rate", "20"]
    with pytest.raises(Stop):
        _port(["--port"])
