"""script/demo: start everything, say where it is, serve until asked to stop, leave nothing running."""

import argparse
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from broker import free_port, start_broker
from database import address, leave, wait_for_rest
from environment import prepare, provide_fonts
from ground import Ground, Stop, find_ground, say
from instance import Instance, instance_at, only_server, temporary_folder, throw_away, use_database
from processes import spawn, stop, tail, wait_until


class Ended(BaseException):
    """Raised in the main thread by the signals that ask us to stop; its words are the signal's name."""


def main(arguments: list[str]) -> int:
    """Serve the demonstration, or play its journeys with --check; return the exit code."""
    asked = _parser().parse_args(arguments)
    ground = find_ground()
    with stopping_on_signals():
        try:
            if not asked.check:
                _check_port(asked.port)
            prepare(ground)
            provide_fonts(ground)
            return check(ground) if asked.check else serve(ground, asked.port, fresh=asked.fresh)
        except Ended as asked_to:
            say(f"Stopped by {asked_to} before it was done.")
            return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="script/demo", description="Serve Préau with its demonstration data."
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="where to serve (8000); each port has its own data"
    )
    parser.add_argument("--fresh", action="store_true", help="throw this demonstration's data away first")
    parser.add_argument(
        "--check", action="store_true", help="play the journeys on a throwaway instance and stop"
    )
    return parser


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        raise Ended(signal.Signals(number).name)

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, end)
    yield


def serve(ground: Ground, port: int, *, fresh: bool) -> int:
    """Serve until a signal comes (0) or a process ends by itself (Stop)."""
    instance = instance_at(ground, port)
    with only_server(instance):
        if fresh:
            instance = throw_away(instance)
        started = time.monotonic()
        with running(instance, fresh=fresh) as parts:
            say(_welcome(instance, time.monotonic() - started))
            try:
                _watch(parts, instance)
            except Ended:
                say("\nStopping…")
        wait_for_rest(instance.cluster)
    say("Stopped; nothing is left running.")
    return 0


def check(ground: Ground) -> int:
    """Play the journeys against a fresh instance in a temporary folder and return their exit code."""
    with temporary_folder(ground, "check") as folder:
        instance = instance_at(ground, free_port(), folder)
        say("Seeding a fresh instance…")
        with running(instance, fresh=True):
            command = [ground.python, "-m", "demo.journeys", str(instance.port)]
            code = subprocess.run(command, env=instance.environment, cwd=ground.checkout).returncode
        wait_for_rest(instance.cluster)
        if code:
            _show_errors(instance)
        return code


@contextmanager
def running(instance: Instance, *, fresh: bool) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start all parts of an instance, wait until it answers, and stop them in the opposite order.

    Where the data is there already the web server starts while it is brought up to date.
    """
    with ExitStack() as stack:
        parts: dict[str, subprocess.Popen[bytes]] = {}
        stack.callback(leave, use_database(instance))
        _use_broker(instance, parts, stack)
        _use_payment_provider(instance, parts, stack)
        commands = _commands(instance)
        if _is_set_up(instance):
            _start("web", commands, instance, parts, stack)
        _set_up(instance, fresh=fresh)
        for name in ("web", "worker", "beat"):
            if name == "worker":
                _wait_for_answer(instance, parts)
            if name not in parts:
                _start(name, commands, instance, parts, stack)
        yield parts


def _start(
    name: str,
    commands: dict[str, list[str]],
    instance: Instance,
    parts: dict[str, subprocess.Popen[bytes]],
    stack: ExitStack,
) -> None:
    folder = instance.ground.checkout
    log = instance.log(name)
    parts[name] = spawn(commands[name], log=log, environment=instance.environment, folder=folder)
    stack.callback(stop, parts[name])


def _is_set_up(instance: Instance) -> bool:
    return (instance.folder / "people.json").exists()


def _use_broker(instance: Instance, parts: dict[str, subprocess.Popen[bytes]], stack: ExitStack) -> None:
    if os.environ.get("BROKER_URL"):
        return
    parts["broker"], url = start_broker(instance.folder / "valkey", instance.ground)
    stack.callback(stop, parts["broker"])
    instance.environment["BROKER_URL"] = url
    instance.broker_note.touch(mode=0o600)
    instance.broker_note.write_text(url)
    stack.callback(instance.broker_note.unlink, missing_ok=True)


def _use_payment_provider(
    instance: Instance, parts: dict[str, subprocess.Popen[bytes]], stack: ExitStack
) -> None:
    """Start a stand-in on a free port, unless a real test account is configured."""
    if os.environ.get("STRIPE_API_KEY"):
        return
    port = free_port()
    environment = instance.environment
    environment["STRIPE_API_KEY"] = f"sk_test_{secrets.token_hex(12)}"
    environment["STRIPE_WEBHOOK_SECRET"] = f"whsec_{secrets.token_hex(16)}"
    environment["PREAU_STRIPE_DOUBLE"] = f"http://127.0.0.1:{port}"
    door = f"http://localhost:{instance.port}/hooks/stripe/"
    book = str(instance.folder / "stripe.json")
    command = [
        instance.ground.python,
        "-m",
        "demo.stripe_double",
        "--port",
        str(port),
        "--to",
        door,
        "--book",
        book,
    ]
    _start("payments", {"payments": command}, instance, parts, stack)


def _set_up(instance: Instance, *, fresh: bool) -> None:
    log = instance.log("set-up")
    command = instance.command("prepare_demo", *(["--fresh"] if fresh else []))
    if not _is_set_up(instance):
        say("Making the demonstration's data (once)…")
    process = spawn(command, log=log, environment=instance.environment, folder=instance.ground.checkout)
    try:
        code = process.wait()
    finally:
        stop(process)
    if code:
        raise Stop(f"The demonstration could not be set up:\n{tail(log, 25)}")


def _commands(instance: Instance) -> dict[str, list[str]]:
    python = [instance.ground.python, "-m"]
    celery = [*python, "celery", "-A", "config"]
    return {
        "web": [*python, "gunicorn", "config.wsgi:application", *_web_options(instance)],
        "worker": [
            *celery,
            "worker",
            "--concurrency=2",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [
            *celery,
            "beat",
            "--loglevel=WARNING",
            "--pidfile=",
            f"--schedule={instance.folder / 'beat'}",
        ],
    }


def _web_options(instance: Instance) -> list[str]:
    options = ["--workers=2", "--threads=4", "--worker-class=gthread", "--preload", "--graceful-timeout=1"]
    return [*options, "--no-control-socket", *(f"--bind={host}:{instance.port}" for host in _loopbacks())]


def _loopbacks() -> list[str]:
    return ["127.0.0.1", "[::1]"] if _can_bind(socket.AF_INET6, "::1", 0) else ["127.0.0.1"]


def _can_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        return False
    return True


def _check_port(port: int) -> None:
    if not 0 < port < 65536:
        raise Stop(f"{port} is no port; choose one from 1024 to 65535.")
    if not _can_bind(socket.AF_INET, "127.0.0.1", port):
        raise Stop(
            f"Port {port} can't be used: something else listens there. Try: script/demo --port {port + 1}"
        )


def _wait_for_answer(instance: Instance, parts: dict[str, subprocess.Popen[bytes]]) -> None:
    if not wait_until(lambda: _answers(instance.port) or _ended(parts), seconds=90):
        raise Stop(f"The web server does not answer:\n{tail(instance.log('web'), 25)}")
    _stop_if_ended(parts, instance)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def _watch(parts: dict[str, subprocess.Popen[bytes]], instance: Instance) -> None:
    while not _ended(parts):
        time.sleep(0.5)
        if "DATABASE_URL" not in os.environ and address(instance.cluster) is None:
            raise Stop(f"The database ended by itself:\n{tail(instance.cluster.log)}")
    _stop_if_ended(parts, instance)


def _ended(parts: dict[str, subprocess.Popen[bytes]]) -> list[str]:
    return [name for name, process in parts.items() if process.poll() is not None]


def _stop_if_ended(parts: dict[str, subprocess.Popen[bytes]], instance: Instance) -> None:
    for name in _ended(parts):
        raise Stop(
            f"The {name} ended by itself; the last lines of {instance.log(name)}:\n{tail(instance.log(name))}"
        )


def _show_errors(instance: Instance) -> None:
    for name in ("web", "worker"):
        said = tail(instance.log(name), 40)
        if said:
            sys.stderr.write(f"\n--- {name}\n{said}\n")


def _welcome(instance: Instance, seconds: float) -> str:
    lines = [f"\nPréau is ready ({seconds:.1f} s). Ctrl-C stops it; logs are in {instance.folder / 'log'}"]
    if not _is_set_up(instance):
        return "\n".join([*lines, "", f"  http://localhost:{instance.port}/"])
    world = json.loads((instance.folder / "people.json").read_text())
    for place in world["places"]:
        lines += ["", f"{place['name']}    {place['url']}"]
        lines += [_person(each) for each in world["people"] if each["url"] == place["url"]]
    home = f"http://localhost:{instance.port}"
    lines += ["", f"Codes of the second factor, and everybody again:  {home}/demo/"]
    return "\n".join([*lines, f"Every mail that is sent:                          {home}/mailbox/"])


def _person(each: dict[str, str]) -> str:
    return f"    {each['username']:<44}{each['password']:<28}{each['role']}"
