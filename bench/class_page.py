"""A class of 30 with its latest results, signed in, 8 clients, against a naive twin."""

import re
import statistics
from typing import Any

import _ground as g

TURNS = 7
SECONDS = 2.0
SIZES = (10, 30, 60)


def main() -> None:
    g.ground()
    import _school
    import _web

    from isolation.context import inside

    tenant = g.school("tilleuls")
    with inside(tenant):
        teacher = _school.person("teacher")
        classes = {size: _school.class_of(f"CE1 {size}", size, teacher=teacher) for size in SIZES}
        ours = _school.session(teacher)
        theirs = _school.session(teacher, "django.contrib.auth.backends.ModelBackend")
    for what, address in (("its latest results", "/results/classes/{}/"), ("its own page", "/classes/{}/")):
        counts = [_statements(tenant, address.format(classes[size].pk), ours) for size in SIZES]
        g.row(
            f"statements for a class of {', '.join(map(str, SIZES))}: {what}",
            ", ".join(map(str, counts)),
            "constant",
        )
    path = f"/results/classes/{classes[30].pk}/"
    with _web.served() as (port, _), _web.served("_naive.settings") as (twin_port, _):
        page = _web.Page(port, "tilleuls.localhost", path, ours)
        twin = _web.Page(twin_port, "tilleuls.localhost", path, theirs)
        _check_same(page.once(), twin.once())
        _measure(page, twin)


def _statements(tenant: Any, path: str, session: str) -> int:
    from django.db import connection
    from django.test import Client

    client = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    seen = []
    client.cookies["session"] = session
    assert client.get(path).status_code == 200

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        client.get(path)
    return len(seen)


def _check_same(one: bytes, other: bytes) -> None:
    """Stop unless both pages show the same names and scores and weigh about the same."""
    shown = [
        re.findall(rb'<a href="/results/pupils/[^"]+">([^<]+)</a>|class="num"[^>]*>([^<]+)<', page)
        for page in (one, other)
    ]
    assert sorted(shown[0]) == sorted(shown[1]), "the twin shows something else"
    assert abs(len(one) - len(other)) < 0.05 * len(one), (len(one), len(other))
    g.row("size of the page, of its twin's", f"{len(one):,}, {len(other):,} bytes", "alike")


def _measure(page: Any, twin: Any) -> None:
    import _web

    for each in (page, twin):
        _web.ask(each, seconds=1)
    rates: dict[Any, list[float]] = {page: [], twin: []}
    times: dict[Any, list[float]] = {page: [], twin: []}
    for _ in range(TURNS):
        for each in (page, twin):
            taken = _web.ask(each, seconds=SECONDS)
            rates[each].append(len(taken) / SECONDS)
            times[each] += taken
    for name, each in (("the product", page), ("the twin: a ListView on django-tenants' middleware", twin)):
        cuts = statistics.quantiles(times[each], n=100)
        said = f"{statistics.median(rates[each]):.0f} requests/s, p50 {g.ms(cuts[49])}, p99 {g.ms(cuts[98])}"
        g.row(name, said, "")
    g.row(
        "ratio of requests/s", f"{statistics.median(rates[page]) / statistics.median(rates[twin]):.2f}", "≥ 2"
    )


if __name__ == "__main__":
    main()
