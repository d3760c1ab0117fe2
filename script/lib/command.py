"""script/manage: a management command in the environment of the demonstration, with its database when it
needs one.
"""

import os
import subprocess

from environment import prepare
from ground import Stop, find_ground, say
from instance import Instance, instance_at, use_database

WITHOUT_DATABASE = {
    "late_interest",
    "business_day",
    "dispatch_day",
    "vat",
    "clause",
    "clauses",
    "help",
    "words",
    "import_rates",
}
SETTING_UP = {
    "bootstrap_database",
    "migrate_shared",
    "migrate_tenants",
    "prepare_demo",
    "makemigrations",
    "check",
}
USAGE = "Usage: script/manage [--port PORT] COMMAND …   (the port of the demonstration it works on; 8000)"


def main(arguments: list[str]) -> int:
    """Replace this process by the command, which is then the database's user."""
    port, words = _port(arguments)
    ground = find_ground()
    prepare(ground, _kind(words))
    instance = instance_at(ground, port)
    if _needs_database(words):
        use_database(instance, beyond_exec=True)
        instance.environment.setdefault("BROKER_URL", _broker(instance))
        _set_up_once(instance, words)
    command = instance.command(*words)
    os.execve(command[0], command, instance.environment)


def _port(arguments: list[str]) -> tuple[int, list[str]]:
    if arguments[:1] != ["--port"]:
        return int(os.environ.get("PREAU_PORT", "8000")), arguments
    if len(arguments) < 2 or not arguments[1].isdigit():
        raise Stop(USAGE)
    return int(arguments[1]), arguments[2:]


def _kind(words: list[str]) -> str:
    """Return which packages the command needs; those that write code need the developer's."""
    return "test" if words[:1] in (["words"], ["makemigrations"]) else "run"


def _needs_database(words: list[str]) -> bool:
    return bool(words) and words[0] not in WITHOUT_DATABASE and not {"--help", "-h"} & set(words)


def _broker(instance: Instance) -> str:
    """Return the running demonstration's broker, or none: the next tick finds what is due anyway."""
    try:
        return instance.broker_note.read_text()
    except OSError:
        return ""


def _set_up_once(instance: Instance, words: list[str]) -> None:
    if words[0] in SETTING_UP or os.environ.get("DATABASE_URL") or (instance.folder / "people.json").exists():
        return
    say("Making the demonstration's data (once)…")
    command = instance.command("prepare_demo")
    done = subprocess.run(command, env=instance.environment, capture_output=True, text=True)
    if done.returncode:
        raise Stop(f"The demonstration could not be set up:\n{(done.stdout + done.stderr)[-3000:]}")
