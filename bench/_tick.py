"""What a task worker does: run everything due; prints the most memory it ever held, in MB."""

from datetime import UTC, datetime

import _ground as g


def main() -> None:
    import django

    django.setup()
    from agenda import loop
    from config.celery import app

    app.loader.import_default_modules()
    while loop.tick(datetime.now(UTC)):
        pass
    print(g.peak_memory("self"))


if __name__ == "__main__":
    main()
