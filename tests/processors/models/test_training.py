"""Training on little, that it learns: stage one on lines from the phrases, stage two on a thin model from nothing."""

import json
from pathlib import Path

import numpy as np
import pytest

from processors.models.auc import auc
from processors.models.classifier import LABELS
from processors.models.linear import load, save, word_weights
from processors.models.prepare import prepared
from processors.models.training.phrases import Phrases
from processors.models.training.rows import Row
from processors.models.transformer import Transformer
from tests.needing import TRAINING, needed

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"),
    pytest.mark.timeout(600),
]
TOXICITY = LABELS.index("toxicity")
KINDS = ("insult", "services")


def lines(seed: int) -> list[Row]:
    rows = Phrases().rows(6000, seed)
    return [row for row in rows if row.source.removeprefix("phrases/") in KINDS]


def agreed(logits: "np.ndarray[tuple[int, int], np.dtype[np.float32]]", rows: list[Row]) -> float:
    return float(np.mean((logits[:, TOXICITY] > 0) == np.array([row.labels[TOXICITY] == 1 for row in rows])))


def test_stage_one_learns_and_survives_its_file(tmp_path: Path) -> None:
    needed("sklearn", TRAINING)
    needed("scipy", TRAINING)
    from processors.models.training.linear import LinearPlan, train

    said: list[str] = []
    model = train(LinearPlan(iterations=20), lines(1), said.append)
    assert any(one.startswith("toxicity") for one in said)
    held = lines(2)
    texts = [prepared(row.text) for row in held]
    assert agreed(model.logits(texts), held) > 0.9
    save(model, tmp_path / "linear.npz")
    again = load(tmp_path / "linear.npz")
    assert agreed(again.logits(texts), held) > 0.9
    assert np.abs(again.logits(texts) - model.logits(texts)).max() < 0.5
    weights = dict(word_weights(again, "what a pathetic bin", "toxicity"))
    assert weights["pathetic"] > max(0, weights["bin"])


def test_the_same_rows_give_the_same_model() -> None:
    needed("sklearn", TRAINING)
    from processors.models.training.linear import LinearPlan, train

    first, second = (train(LinearPlan(iterations=5), lines(1)[:200], lambda _: None) for _ in range(2))
    assert np.array_equal(first.weights, second.weights)


def thin_base(folder: Path) -> Path:
    """Write a BERT of one thin layer with a vocabulary of letters and the words of the lines."""
    transformers = needed("transformers", TRAINING)
    tokenizers = needed("tokenizers", TRAINING)
    words = sorted({word for row in lines(1) for word in prepared(row.text).split()})
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = {word: at for at, word in enumerate(dict.fromkeys([*specials, *words]))}
    tokenizers.BertWordPieceTokenizer(vocabulary, lowercase=True).save(str(folder / "tokenizer.json"))
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=1.0,
    )
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def test_stage_two_learns_goes_on_from_its_save_and_runs_without_torch(tmp_path: Path) -> None:
    needed("onnx", TRAINING)
    torch = needed("torch", TRAINING)
    from processors.models.training.export import export
    from processors.models.training.transformer import Plan, Round, train

    torch.manual_seed(1)
    base = thin_base(tmp_path)
    assert json.loads((base / "config.json").read_text())["num_hidden_layers"] == 1
    plan = Plan(base, (Round(12_000, 1, 3e-3, ("council", "threats", "hate", "talk")),), frozen=0, threads=1, rows=16)
    said: list[str] = []
    model = train(plan, lines(1), tmp_path / "work", said.append)
    assert said
    export(model, tmp_path / "model.onnx")
    held = lines(2)
    runner = Transformer(tmp_path / "model.onnx", base / "tokenizer.json")
    texts = [prepared(row.text) for row in held]
    logits = runner.logits(texts)
    wanted = np.array([row.labels[TOXICITY] or 0.0 for row in held])
    assert auc(wanted, logits[:, TOXICITY].astype(np.float64)) > 0.8
    assert np.array_equal(logits[7], runner.logits([texts[7]])[0])
    said.clear()
    again = train(plan, lines(1), tmp_path / "work", said.append)
    assert said == []
    for one, other in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)
