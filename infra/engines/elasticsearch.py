"""Starts one real Elasticsearch node from its Maven artefacts, without Docker: for tests and `make services`."""

import shutil
import zipfile
from pathlib import Path

import httpx

from infra.engines.maven import fetch, find_java
from infra.engines.running import RunningEngine, launch, wait_until

VERSION = "9.5.3"
HERE = Path(__file__).parent
TRANSPORT = "transport-netty4"
DESCRIPTION = f"META-INF/es-plugins/{TRANSPORT}/"
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


def start_elasticsearch(folder: Path, http_port: int, transport_port: int, heap: str = "256m") -> RunningEngine:
    """Return a node that answers on http_port; its data stays in `folder`, so a second start goes on with it.

    Raises:
        EngineMissing: no JDK of 21 or later, no mvn, or the node did not start.
    """
    java = find_java(21)
    home = _prepare_home(folder, fetch(HERE / "elasticsearch.xml", f"elasticsearch-{VERSION}"))
    address = f"http://127.0.0.1:{http_port}"
    log = folder / "elasticsearch.log"
    engine = launch(_command(java, home, (http_port, transport_port), heap), log, address)
    wait_until(lambda: _is_yellow(address), engine, log)
    return engine


def _command(java: Path, home: Path, ports: tuple[int, int], heap: str) -> list[str]:
    switches = ["--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"]
    modules = ["-p", str(home / "lib"), "--add-modules=ALL-MODULE-PATH"]
    memory = [f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseSerialGC"]
    node = [str(HERE / "ElasticsearchNode.java"), str(home), *map(str, ports)]
    return [str(java), *memory, *switches, *modules, *node]


def _prepare_home(folder: Path, jars: Path) -> Path:
    """Lay out a home: server jars in lib, the HTTP transport as a module of its own. What is there already stays."""
    home = folder.resolve() / "home"
    module = home / "modules" / TRANSPORT
    for part in (home / "lib", module, home / "config", home / "plugins", home / "data", home / "logs"):
        part.mkdir(parents=True, exist_ok=True)
    for jar in jars.glob("*.jar"):
        place = (module if jar.name.startswith(("netty-", TRANSPORT)) else home / "lib") / jar.name
        if not place.exists():
            place.symlink_to(jar)
    _describe_module(module)
    (home / "config" / "log4j2.properties").write_text(LOGGING)
    return home


def _describe_module(module: Path) -> None:
    with zipfile.ZipFile(next(module.glob(f"{TRANSPORT}*.jar"))) as jar:
        for name in jar.namelist():
            if name.startswith(DESCRIPTION) and not name.endswith("/"):
                with jar.open(name) as packed, (module / Path(name).name).open("wb") as loose:
                    shutil.copyfileobj(packed, loose)


def _is_yellow(address: str) -> bool:
    try:
        health = httpx.get(f"{address}/_cluster/health", params={"wait_for_status": "yellow", "timeout": "1s"})
    except httpx.TransportError:
        return False
    return health.status_code == httpx.codes.OK
