"""A tiny checkpoint in Detoxify's own format, made in a moment: a BERT of one thin layer with random weights."""

from pathlib import Path

from processors.models.files import SUMS, digest_of
from tests.needing import DETOXIFY, needed

CLASSES = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = [*SPECIALS, *LETTERS, *(f"##{letter}" for letter in LETTERS), "bin", "road"]


def make_checkpoint(folder: Path, *, sums: bool = True) -> Path:
    """Write checkpoint, config, vocabulary and checksum into a folder; return the checkpoint."""
    needed("detoxify", DETOXIFY)
    torch, transformers = needed("torch", DETOXIFY), needed("transformers", DETOXIFY)
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=len(CLASSES),
    )
    model = transformers.BertForSequenceClassification(config)
    config.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    transformers.BertTokenizer(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    arch = {
        "model_type": "bert-base-uncased",
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
        "num_classes": len(CLASSES),
    }
    held = {
        "config": {"dataset": {"args": {"classes": CLASSES}}, "arch": {"args": arch}},
        "state_dict": model.state_dict(),
    }
    path = folder / "tiny.ckpt"
    torch.save(held, path)
    if sums:
        (folder / SUMS).write_text(f"{digest_of(path)}  {path.name}\n", encoding="utf-8")
    return path
