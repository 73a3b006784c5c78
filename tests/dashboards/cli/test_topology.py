"""`parapet topology`: the stage table as words, graph and JSON."""

import json

from processors.stages import STAGES
from tests.dashboards.cli.conftest import Run


def test_every_stage_is_printed_with_what_it_reads_and_writes(run: Run) -> None:
    blocks = run("topology").output.strip().split("\n\n")
    assert [block.split()[0] for block in blocks] == [stage.name for stage in STAGES]
    assert "reads       ingest.raw.*" in blocks[0]
    assert "writes      social.events.v1, dead.letters.v1" in blocks[0]
    assert "state from  social.events.v1" in blocks[0]


def test_json_is_the_table(run: Run) -> None:
    rows = json.loads(run("topology", "--json").output)
    assert [(row["name"], row["agent"]) for row in rows] == [(stage.name, stage.agent.value) for stage in STAGES]
    assert rows[-1]["reads"] == ["alerts.v1"]


def test_the_graph_joins_stages_through_topics(run: Run) -> None:
    graph = run("topology", "--dot").output
    assert graph.startswith("digraph parapet {")
    assert '"screen" -> "findings.v1";' in graph
    assert '"findings.v1" -> "correlate";' in graph
    assert '"incidents.v1" -> "record" [style=dotted];' in graph
    assert graph.count("{") == graph.count("}")
