"""An empty Faust worker: reads messages and sends each on, doing nothing with them. What the services are held against.

Beside the flow. `python -m bench.bare_faust BROKER IN OUT`. Same app settings as our own worker where they touch speed
(uvloop, idempotence aside), Faust's own producer, sends gathered by batch: the fastest form that loses nothing.
"""

import asyncio
import sys
import tempfile
from typing import Any

import faust
import uvloop

BATCH, WITHIN = 500, 0.02


def build(broker: str, source: str, target: str, folder: str) -> faust.App:
    """Return the app."""
    app = faust.App(
        f"bare.{source}",
        broker=f"kafka://{broker}",
        store="memory://",
        datadir=folder,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        stream_wait_empty=False,
        broker_commit_interval=0.5,
        consumer_auto_offset_reset="earliest",
        table_standby_replicas=1,
        producer_acks=-1,
        producer_linger=0.005,
        worker_redirect_stdouts=False,
    )
    incoming = app.topic(source, value_type=bytes, value_serializer="raw", key_serializer="raw")
    outgoing = app.topic(target, value_type=bytes, value_serializer="raw", key_serializer="raw")

    async def resend(stream: Any) -> None:
        async for events in stream.noack_take(BATCH, within=WITHIN):
            sent = await asyncio.gather(*(outgoing.send(key=event.key, value=event.value) for event in events))
            await asyncio.gather(*sent)
            for event in events:
                event.ack()

    app.agent(incoming, name="resend")(resend)
    return app


async def run(broker: str, source: str, target: str) -> None:
    """Start, say so, and go on until the process is ended."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(broker, source, target, folder)
        await app.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await app.wait_until_stopped()


if __name__ == "__main__":
    uvloop.run(run(*sys.argv[1:4]))
