"""Stage two in training: MiniLM with six labels and the categories it hears, fine-tuned on the mixture. Needs the
dependency group `train`.

Between `processors.models.training.mixture` and the export to ONNX. Each round is saved as it goes, so that what is
interrupted goes on where it was.
"""

import logging
import math
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import AutoModel

from processors.models.classifier import HEARD, LABELS
from processors.models.prepare import prepared
from processors.models.tokens import batches, open_tokenizer, padded, token_ids
from processors.models.training.eight_bits import eight_bits
from processors.models.training.mixture import mixture
from processors.models.training.phrases import LAST_WRITTEN, LATER, Phrases
from processors.models.training.rows import GROUPS, Row, group_of

SAVE_SECONDS = 240.0
LAST = 0.6
"""What the last round counts in the mean of the last two, which tells posts apart better than either."""
LEANING_RATE = 0.01
"""How fast it learns what a source's crowd leans to; that is added in training alone, and left out of the export."""
Labels = NDArray[np.float32]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """One showing of the mixture: how many lines from the phrases, by which seed, how fast, without which files, and
    what part of the comments.
    """

    phrases: int
    seed: int
    rate: float
    without: tuple[str, ...] = ()
    comments: float = 1.0
    lines: int = 0
    """How often each post that was written by hand is shown, with other names in it each time."""
    hearing: float = 0.5
    """What telling the categories apart counts beside the labels."""
    head: float = 1.0
    """How many times as fast the last layer learns: most categories are rare, and have far to go."""
    rounded: bool = False
    """Whether it computes as the file in eight bits will."""


ROUNDS = (
    Round(30_000, 7, 1.5e-4),
    Round(24_000, 11, 1.2e-4, ("more_public", "more_councillors", *LATER), comments=0.6, lines=2),
    Round(16_000, 31, 1.0e-4, LATER, comments=0.8, lines=3, hearing=4.0, head=20.0),
    Round(8_000, 51, 8e-5, LAST_WRITTEN, comments=0.5, lines=3, hearing=4.0, head=10.0),
    Round(8_000, 71, 6e-5, comments=0.4, lines=3, hearing=4.0, head=10.0, rounded=True),
)
"""How the shipped model was trained: comments and templates first, then posts that were written by hand as well."""


@dataclass(frozen=True)
class Plan:
    """How stage two is trained. A batch has so many rows, fewer where its tokens would be more than `tokens`."""

    base: Path
    """Folder of the model to begin from, with tokenizer.json."""
    rounds: tuple[Round, ...] = ROUNDS
    warm_up: float = 0.06
    frozen: int = 0
    """How many of the lowest layers stay as they are; the word embeddings always do."""
    rows: int = 48
    tokens: int = 3072
    length: int = 128
    """Most tokens of a text in training: fewer than screening reads, for time's sake."""
    seed: int = 20261125
    threads: int = 2


class Judge(nn.Module):  # type: ignore[misc]  # torch is only there for training, so its types are not
    """The encoder, the mean of its last layer over a text's tokens, and a logit for each label and category."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Linear(width, len(LABELS) + len(HEARD)))
        self.leaning = nn.Embedding(len(GROUPS), len(LABELS))
        nn.init.zeros_(self.leaning.weight)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (texts, labels and categories)."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        kept = mask.unsqueeze(-1).to(hidden.dtype)
        logits: torch.Tensor = self.head((hidden * kept).sum(1) / kept.sum(1))
        return logits


def new_judge(base: Path, frozen: int = 0) -> Judge:
    """Return the base model with a new head, its embeddings and so many of its lowest layers fixed."""
    encoder = AutoModel.from_pretrained(base, add_pooling_layer=False, local_files_only=True)
    for part in (encoder.embeddings, *encoder.encoder.layer[:frozen]):
        part.requires_grad_(requires_grad=False)
    return Judge(encoder, encoder.config.hidden_size)


def train(plan: Plan, rows: Sequence[Row], folder: Path, shown: Callable[[str], None] = _log.info) -> Judge:
    """Return the fine-tuned model; saves go to folder, and what is there of the same plan is taken up again.

    rows are the comments; each round adds its own lines from the phrases.
    """
    torch.set_num_threads(plan.threads)
    folder.mkdir(parents=True, exist_ok=True)
    model = new_judge(plan.base, plan.frozen)
    before: dict[str, torch.Tensor] = {}
    for number, one in enumerate(plan.rounds):
        before = {name: part.clone() for name, part in model.state_dict().items()}
        torch.manual_seed(plan.seed + number)
        written = Phrases().rows(one.phrases, one.seed, one.without)
        written += Phrases().lines(one.seed, one.lines, one.without)
        steps = _steps(plan, [*rows, *written], plan.seed + number, one.comments)
        _Course(model, plan, one, folder / f"round{number + 1}.pt").run(steps, shown)
    if len(plan.rounds) > 1:
        last = model.state_dict()
        model.load_state_dict({name: torch.lerp(before[name], part, LAST) for name, part in last.items()})
    model.eval()
    return model


class _Course:
    """One round at work: it saves itself every few minutes and goes on from what was saved."""

    def __init__(self, model: Judge, plan: Plan, one: Round, path: Path) -> None:
        self._model, self._plan, self._path = model, plan, path
        encoder = [part for part in model.encoder.parameters() if part.requires_grad]
        head = {"params": list(model.head.parameters()), "lr": one.rate * one.head}
        leaning = {"params": [model.leaning.weight], "lr": LEANING_RATE, "weight_decay": 0.0}
        self._optimiser = torch.optim.AdamW([{"params": encoder}, head, leaning], one.rate, weight_decay=0.01)
        self._hearing, self._rounded = one.hearing, one.rounded

    def run(self, steps: Sequence["_Step"], shown: Callable[[str], None]) -> None:
        """Take all steps that are left."""
        warm_up = self._plan.warm_up
        rate = torch.optim.lr_scheduler.LambdaLR(self._optimiser, lambda step: _share(step / len(steps), warm_up))
        first = self._resume(rate, len(steps))
        began = last = time.monotonic()
        losses: list[float] = []
        self._model.train()
        for number, step in enumerate(steps[first:], start=first + 1):
            with eight_bits(self._model.encoder) if self._rounded else nullcontext():
                losses.append(_learn(self._model, self._optimiser, step, self._hearing))
            rate.step()
            now = time.monotonic()
            if number % 25 == 0:
                left = (now - began) / (number - first) * (len(steps) - number) / 60
                shown(f"step {number} of {len(steps)}, loss {np.mean(losses[-50:]):.4f}, {left:.0f} minutes to go")
            if now - last > SAVE_SECONDS:
                self._save(number, rate)
                last = now
        self._save(len(steps), rate)

    def _save(self, step: int, rate: Any) -> None:
        parts = {"model": self._model, "optimiser": self._optimiser, "rate": rate}
        beside = self._path.with_suffix(".part")
        torch.save({"step": step} | {name: part.state_dict() for name, part in parts.items()}, beside)
        beside.replace(self._path)

    def _resume(self, rate: Any, last: int) -> int:
        """Take up what was saved, of a round that is done the model alone; return how many steps were taken."""
        if not self._path.exists():
            return 0
        state = torch.load(self._path, weights_only=True)
        self._model.load_state_dict(state["model"])
        if state["step"] == last:
            return last
        self._optimiser.load_state_dict(state["optimiser"])
        rate.load_state_dict(state["rate"])
        return int(state["step"])


@dataclass(frozen=True)
class _Step:
    ids: tuple[list[int], ...]
    labels: Labels
    groups: tuple[int, ...]


def _steps(plan: Plan, rows: Sequence[Row], seed: int, comments: float) -> list[_Step]:
    """All steps of a round in order: the mixture, in batches of like length whose order is mixed."""
    shown = mixture(rows, seed, comments)
    tokenizer = open_tokenizer(plan.base / "tokenizer.json")
    ids = token_ids(tokenizer, [prepared(row.text) for row in shown], plan.length)
    steps: list[_Step] = []
    pool = plan.rows * 60
    for start in range(0, len(shown), pool):
        part, part_ids = shown[start : start + pool], ids[start : start + pool]
        steps += [
            _Step(
                tuple(part_ids[at] for at in places),
                _labels([part[at] for at in places]),
                tuple(group_of(part[at]) for at in places),
            )
            for places in batches([len(one) for one in part_ids], plan.tokens, plan.rows)
        ]
    Random(seed).shuffle(steps)  # noqa: S311 - order of training, not a secret
    return steps


def _labels(rows: Sequence[Row]) -> Labels:
    known = [(*row.labels, *row.heard) for row in rows]
    return np.array([[math.nan if one is None else one for one in row] for row in known], np.float32)


def _learn(model: Judge, optimiser: torch.optim.Optimizer, step: _Step, hearing: float) -> float:
    ids, mask = padded(step.ids)
    wanted = torch.from_numpy(step.labels)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(torch.from_numpy(ids), torch.from_numpy(mask))
    split = len(LABELS)
    labels = logits[:, :split].float() + model.leaning(torch.tensor(step.groups))
    loss = _loss(labels, wanted[:, :split]) + hearing * _loss(logits[:, split:].float(), wanted[:, split:])
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return float(loss.detach())


def _loss(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return the mean loss over what is known; nothing where nothing is."""
    known = ~wanted.isnan()
    loss = nn.functional.binary_cross_entropy_with_logits(logits, wanted.nan_to_num(), reduction="none")
    return (loss * known).sum() / known.sum().clamp(min=1)


def _share(done: float, warm_up: float) -> float:
    return done / warm_up if done < warm_up else max(0.0, (1 - done) / (1 - warm_up))
