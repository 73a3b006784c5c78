"""How many posts a second the built-in model scores, against Detoxify's own `predict` in a loop, on one core.

The same texts for both: 5 % and 30 % of them reach stage two. Detoxify runs through its own class with the architecture
of original-small (ALBERT base) and random weights: speed does not hang on what the weights say. Needs the extra
`detoxify` and the group `train`, for the vocabulary; without them this part says so.
"""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.figures import A_SECOND, RATIO, Figure, Scale
from processors.models.builtin_model import Builtin
from processors.models.checkpoint import opened
from processors.models.files import BUILTIN, SUMS, TOKENIZER, digest_of
from processors.models.training.phrases import Phrases

SHARES = (5, 30)
LOT = 512
"""How many texts the built-in model gets at once, as in a batch of the log."""


def measure(scale: Scale) -> list[Figure]:
    """Return posts a second of both at each share, and the ratio. Raises ModuleNotFoundError without Detoxify."""
    model = Builtin(threads=1)
    texts = {share: _texts(model, scale.of(12_000, 1_000), share) for share in SHARES}
    detoxify = _detoxify(scale.folder)
    figures = []
    for share, held in texts.items():
        few = held[: scale.of(240, 12)]
        loop = _rate(lambda some: [detoxify.predict(text) for text in some], few)
        own = _rate(lambda some: [model.score(some[at : at + LOT]) for at in range(0, len(some), LOT)], held)
        said = f"{_words(share, few)}; loop {loop:.1f}/s"
        figures += [
            Figure(f"classifier_{share}_percent_per_second", own, A_SECOND, _words(share, held)),
            Figure(f"classifier_{share}_percent_to_detoxify", own / loop, RATIO, said),
        ]
    return figures


def _words(share: int, texts: Sequence[str]) -> str:
    letters = sum(map(len, texts)) / len(texts)
    return f"{len(texts):,} texts of {letters:.0f} characters, {share} % to stage two, one thread, by processor time"


def _rate(run: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    run(texts[:8])
    began = time.process_time()
    run(texts)
    return len(texts) / (time.process_time() - began)


def _texts(model: Builtin, count: int, share: int) -> list[str]:
    """Texts of which exactly a share reaches stage two, mixed: what people wrote on a page, and lines from phrases."""
    pool = [row.text for row in Phrases().rows(count * 2, 5)]
    scored = model.score(pool)
    second = [text for text, one in zip(pool, scored, strict=True) if one.stage == 2]
    first = [text for text, one in zip(pool, scored, strict=True) if one.stage == 1]
    wanted = count * share // 100
    drawn = random.Random(1)  # noqa: S311 - which texts, not a secret
    chosen = [*drawn.choices(second, k=wanted), *drawn.choices(first, k=count - wanted)]
    drawn.shuffle(chosen)
    return chosen


def _detoxify(folder: Path) -> Any:
    """Detoxify itself on a checkpoint of original-small's architecture that is made here."""
    import torch  # noqa: PLC0415 - needs the extra
    from detoxify import Detoxify  # noqa: PLC0415
    from transformers import AlbertConfig, AlbertForSequenceClassification, BertTokenizerFast  # noqa: PLC0415

    torch.set_num_threads(1)
    held = folder / "albert"
    held.mkdir()
    config = AlbertConfig(
        hidden_size=768, num_attention_heads=12, intermediate_size=3072, vocab_size=30_522, num_labels=6
    )
    config.save_pretrained(held)
    BertTokenizerFast(tokenizer_file=str(BUILTIN / TOKENIZER), model_max_length=512).save_pretrained(held)
    arch = {
        "model_type": str(held),
        "model_name": "AlbertForSequenceClassification",
        "tokenizer_name": "BertTokenizerFast",
        "num_classes": 6,
    }
    classes = ["toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack"]
    state = AlbertForSequenceClassification(config).state_dict()
    about = {"dataset": {"args": {"classes": classes}}, "arch": {"args": arch}}
    torch.save({"config": about, "state_dict": state}, held / "albert.ckpt")
    (held / SUMS).write_text(f"{digest_of(held / 'albert.ckpt')}  albert.ckpt\n", encoding="utf-8")
    return Detoxify(checkpoint=opened(held), huggingface_config_path=str(held))
