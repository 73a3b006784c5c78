"""`parapet topology`: print the stage table, which both runtimes read, as words, for Graphviz, or as JSON.

Beside the flow, for the engineer who asks what reads what at 3 a.m.
"""

import itertools
import json

import click

from pipeline.topics import RAW_PREFIX, Topic
from processors.stages import STAGES, Stage

_RAW = RAW_PREFIX + "*"


@click.command(name="topology")
@click.option("--dot", "form", flag_value="dot", help="Write a graph for Graphviz: parapet topology --dot | dot -Tsvg.")
@click.option("--json", "form", flag_value="json", help="Write JSON.")
def command(form: str | None) -> None:
    """Print the stage table: what reads what, writes what, and rebuilds its state from what."""
    click.echo({"dot": as_dot, "json": as_json}.get(form or "", as_words)())


def names(topics: tuple[Topic, ...]) -> list[str]:
    """Return topic names, the raw topics under one name."""
    return list(dict.fromkeys(_RAW if topic.name.startswith(RAW_PREFIX) else topic.name for topic in topics))


def as_words() -> str:
    """Return the table as blocks of lines, in flow order."""
    return "\n\n".join(_block(stage) for stage in STAGES)


def _block(stage: Stage) -> str:
    lines = [f"{stage.name}  (agent {stage.agent.value}): {stage.does}"]
    parts = (("reads", stage.reads), ("writes", stage.writes), ("state from", stage.restores))
    lines += [f"    {label:<11} {', '.join(names(topics))}" for label, topics in parts if topics]
    return "\n".join(lines)


def as_json() -> str:
    """Return the table as a JSON array of stages."""
    rows = [
        {
            "name": stage.name,
            "agent": stage.agent.value,
            "reads": names(stage.reads),
            "writes": names(stage.writes),
            "restores": names(stage.restores),
            "does": stage.does,
        }
        for stage in STAGES
    ]
    return json.dumps(rows, indent=1)


def as_dot() -> str:
    """Return a directed graph: boxes are stages, grouped by agent; ovals are topics; dotted lines rebuild state."""
    lines = ["digraph parapet {", "  rankdir=LR;", "  node [shape=box];"]
    for agent in dict.fromkeys(stage.agent for stage in STAGES):
        members = [stage.name for stage in STAGES if stage.agent is agent]
        inside = "; ".join(f'"{name}"' for name in members)
        lines.append(f'  subgraph "cluster_{agent.value}" {{ label="{agent.value}"; {inside}; }}')
        lines += [f'  "{first}" -> "{second}";' for first, second in itertools.pairwise(members)]
    topics = {
        name for stage in STAGES for group in (stage.reads, stage.writes, stage.restores) for name in names(group)
    }
    lines += [f'  "{name}" [shape=oval];' for name in sorted(topics)]
    for stage in STAGES:
        lines += [f'  "{name}" -> "{stage.name}";' for name in names(stage.reads)]
        lines += [f'  "{stage.name}" -> "{name}";' for name in names(stage.writes)]
        lines += [f'  "{name}" -> "{stage.name}" [style=dotted];' for name in names(stage.restores)]
    return "\n".join([*lines, "}"])
