"""script/bench: run the modules of bench/ and keep what they print, with machine and date, in
docs/benchmarks.md.

A bench is a module `bench/<name>.py`: its docstring's first line is the heading, and each line it prints is a
row of three columns, `what | measured | wanted`. It finds a database of its own in DATABASE_URL.
"""

import ast
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from database import cluster_in, leave, use, wait_for_rest
from environment import prepare, settings_environment
from ground import Ground, Stop, find_ground, private_folder, say
from instance import temporary_folder
from serve import Ended, stopping_on_signals

HEAD = "# Benchmarks\n\nWritten by `script/bench`; each section was measured side by side in one run.\n"


def main(arguments: list[str]) -> int:
    """Run the benches named, or all; return 1 when one failed."""
    ground = find_ground()
    benches = _choose(ground, arguments)
    with stopping_on_signals():
        try:
            prepare(ground, "test")
            return int(not all([_measure(ground, bench) for bench in benches]))
        except Ended:
            return 130


def _choose(ground: Ground, names: list[str]) -> list[Path]:
    found = {path.stem: path for path in sorted((ground.checkout / "bench").glob("[!_]*.py"))}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise Stop(f"No bench named {', '.join(unknown)}. There are: {', '.join(found)}.")
    return [found[name] for name in names] if names else list(found.values())


def _measure(ground: Ground, bench: Path) -> bool:
    heading = (ast.get_docstring(ast.parse(bench.read_text())) or bench.stem).splitlines()[0]
    say(f"\n{heading}")
    with temporary_folder(ground, "bench") as folder:
        rows, code = _run(ground, bench, folder)
    if code == 0:
        _write(ground.checkout / "docs" / "benchmarks.md", bench.stem, heading, rows)
    return code == 0


def _run(ground: Ground, bench: Path, folder: Path) -> tuple[list[str], int]:
    cluster = cluster_in(folder / "postgres", ground)
    environment = settings_environment(
        ground, PREAU_STATE=str(private_folder(folder / "state")), PREAU_DEMO="1"
    )
    url, users = use(cluster)
    environment["DATABASE_URL"] = os.environ.get("DATABASE_URL") or url
    try:
        process = subprocess.Popen(
            [ground.python, str(bench)],
            cwd=ground.checkout,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        rows = [_said(line.rstrip()) for line in process.stdout or ()]
        return [row for row in rows if row.count("|") == 2], process.wait()
    finally:
        leave(users)
        wait_for_rest(cluster)


def _said(line: str) -> str:
    say(f"  {line}")
    return line


def _write(path: Path, name: str, heading: str, rows: list[str]) -> None:
    """Replace the section of one bench, or add it."""
    text = path.read_text() if path.exists() else HEAD
    table = ["| what | measured | wanted |", "|---|---|---|", *(f"| {row} |" for row in rows)]
    section = "\n".join(
        [f"<!-- {name} -->", f"## {heading}", "", _machine(), "", *table, f"<!-- /{name} -->"]
    )
    pattern = re.compile(rf"<!-- {re.escape(name)} -->.*?<!-- /{re.escape(name)} -->", re.DOTALL)
    found = pattern.search(text)
    new = (
        text[: found.start()] + section + text[found.end() :] if found else f"{text.rstrip()}\n\n{section}\n"
    )
    path.write_text(new)


def _machine() -> str:
    processor = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = int(re.findall(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[0]) / 1024**2
    model = processor.group(1).strip() if processor else platform.machine()
    cores = os.cpu_count()
    load = os.getloadavg()[2]
    had = (
        f"{datetime.now(UTC):%d %B %Y}, {cores} cores ({model}), {memory:.0f} GB, "
        f"Python {platform.python_version()}"
    )
    return f"{had}; load average of the last quarter of an hour: {load:.1f}."
