"""The ingest webhook as a server in a thread of its own. Used by `parapet run` and `parapet ingest`.

First in the flow. It listens only where a secret is set: nothing unsigned is ever taken.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from dashboards.cli.serving import listening
from pipeline.images.reader import image_reader
from pipeline.log.interface import Log
from pipeline.settings import Settings
from pipeline.sources.signature import keys_of
from pipeline.sources.webhook import WebhookParts, build_webhook
from processors.stages import Parts

GRACE_SECONDS = 5


@contextmanager
def receiving(settings: Settings, log: Log, parts: Parts) -> Iterator[str | None]:
    """Receive while the body runs; yields the address, or None where no secret is set. Raises SettingError."""
    if not settings.text("webhook_secrets"):
        yield None
        return
    keys = keys_of(settings.text("webhook_secrets"))
    largest, reader = settings.number("webhook_max_bytes"), image_reader(settings, parts.registers)
    app = build_webhook(WebhookParts(log, parts.registers, parts.clock, keys, largest, reader.look))
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=GRACE_SECONDS
    )
    server = uvicorn.Server(config)
    with listening(settings, "webhook") as at:
        thread = threading.Thread(target=server.run, args=([at],), name="parapet-webhook", daemon=True)
        thread.start()
        try:
            yield f"http://{settings.text('webhook_host')}:{settings.number('webhook_port')}/webhook/CONNECTOR"
        finally:
            server.should_exit = True
            thread.join()
