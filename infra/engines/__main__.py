"""`make services`: a real Kafka and a real Elasticsearch in the foreground, until Ctrl-C; data is in build/services."""

import signal
import sys
import threading
from pathlib import Path

from infra.engines.elasticsearch import start_elasticsearch
from infra.engines.kafka import start_kafka
from infra.engines.maven import EngineMissing
from infra.engines.running import free_port

FOLDER = Path("build/services")


def main() -> int:
    """Start both engines, print their addresses as settings, and stop them on Ctrl-C or SIGTERM."""
    over = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: over.set())
    try:
        with (
            start_kafka(FOLDER / "kafka", free_port(), free_port()) as kafka,
            start_elasticsearch(FOLDER / "elasticsearch", free_port(), free_port()) as elasticsearch,
        ):
            print(f"PARAPET_KAFKA={kafka.address}\nPARAPET_ELASTICSEARCH={elasticsearch.address}", flush=True)
            print("Both engines answer. Ctrl-C stops them.", flush=True)
            over.wait()
    except EngineMissing as missing:
        print(f"parapet: {missing}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
