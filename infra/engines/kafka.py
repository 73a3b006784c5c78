"""Starts one real Kafka broker from its Maven artefacts, without Docker: for tests and `make services`.

One node is broker and controller (KRaft). The heap is small, so the log cleaner's buffer is made small too: at its
default of 128 MB the broker dies of OutOfMemory while it starts.
"""

import socket
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from infra.engines.maven import EngineMissing, fetch, find_java
from infra.engines.running import RunningEngine, launch, wait_until

VERSION = "4.3.0"
HERE = Path(__file__).parent
HOST = "127.0.0.1"
MEMORY = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")


def start_kafka(folder: Path, port: int, controller_port: int, heap: str = "192m") -> RunningEngine:
    """Return a broker that answers on `port`; its data stays in `folder`, so a second start goes on with it.

    Raises:
        EngineMissing: no JDK of 17 or later, no mvn, or the broker did not start.
    """
    java = find_java(17)
    classes = str(fetch(HERE / "kafka.xml", f"kafka-{VERSION}") / "*")
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    properties.write_text(_properties(folder, port, controller_port))
    if not (folder / "data" / "meta.properties").exists():
        _format(java, classes, properties)
    log = folder / "kafka.log"
    command = [str(java), f"-Xmx{heap}", *MEMORY, "-cp", classes, "kafka.Kafka", str(properties)]
    engine = launch(command, log, f"{HOST}:{port}")
    wait_until(lambda: _answers(port), engine, log)
    return engine


def _properties(folder: Path, port: int, controller_port: int) -> str:
    pairs = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(folder / "data"),
        "num.partitions": "4",
        "auto.create.topics.enable": "false",
        "offsets.topic.num.partitions": "4",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "log.cleaner.dedupe.buffer.size": "4194304",
    }
    return "".join(f"{name}={value}\n" for name, value in pairs.items())


def _format(java: Path, classes: str, properties: Path) -> None:
    identity = urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    tool = [str(java), *MEMORY, "-cp", classes, "kafka.tools.StorageTool", "format"]
    done = subprocess.run([*tool, "-t", identity, "-c", str(properties)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EngineMissing(f"Kafka's storage could not be formatted: {(done.stdout + done.stderr)[-600:]}")


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False
