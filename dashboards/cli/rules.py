"""`parapet rules`: the rulebook as a product: list it, test it, try it, compare it, lint it, see what it does.

Beside the flow, for officers who write rules. One visible list of commands, each in a module of its own.
"""

import click

from dashboards.cli import rules_diff, rules_examples, rules_lint, rules_list, rules_report, rules_try

command = click.Group(
    "rules",
    help="List, test and try the rules, compare two rulebooks, find faults, and see what rules do.",
    commands=[
        rules_list.command,
        rules_examples.command,
        rules_try.command,
        rules_diff.command,
        rules_lint.command,
        rules_report.report,
        rules_report.shadow,
    ],
)
