"""The fine-tuned model as a file that runs without torch: ONNX, weights in eight bits. Needs the group `train`.

Between `processors.models.training.transformer` and the files that ship.
"""

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

from processors.models.training.transformer import Judge

OPSET = 17


def export(model: Judge, path: Path) -> None:
    """Write the model to path, quantised; inputs `ids` and `mask` of shape (texts, tokens), output (texts, 6)."""
    ids = torch.randint(5, 500, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    with tempfile.TemporaryDirectory() as folder:
        whole, ready = Path(folder) / "whole.onnx", Path(folder) / "ready.onnx"
        torch.onnx.export(
            _Plain(model).eval(),
            (ids, mask),
            whole,
            input_names=["ids", "mask"],
            output_names=["logits"],
            dynamic_axes={"ids": {0: "texts", 1: "tokens"}, "mask": {0: "texts", 1: "tokens"}, "logits": {0: "texts"}},
            opset_version=OPSET,
            dynamo=False,
        )
        quant_pre_process(whole, ready, skip_symbolic_shape=True)
        quantize_dynamic(ready, path, weight_type=QuantType.QInt8, per_channel=True)


class _Plain(nn.Module):  # type: ignore[misc]  # torch is only there for training, so its types are not
    """The same sums written out, so that the exporter has nothing to guess: no fused attention, no mask of its own."""

    def __init__(self, model: Judge) -> None:
        super().__init__()
        self.model = model
        self.heads = int(model.encoder.config.num_attention_heads)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (texts, 6)."""
        embed = self.model.encoder.embeddings
        positions = torch.arange(ids.shape[1]).unsqueeze(0)
        hidden = embed.word_embeddings(ids) + embed.position_embeddings(positions)
        hidden = embed.LayerNorm(hidden + embed.token_type_embeddings.weight[0])
        away = (1 - mask[:, None, None, :].to(hidden.dtype)) * -10_000.0
        for layer in self.model.encoder.encoder.layer:
            hidden = self._layer(layer, hidden, away)
        kept = mask.unsqueeze(-1).to(hidden.dtype)
        logits: torch.Tensor = self.model.head((hidden * kept).sum(1) / kept.sum(1))
        return logits

    def _layer(self, layer: nn.Module, hidden: torch.Tensor, away: torch.Tensor) -> torch.Tensor:
        attention, heads = layer.attention, self.heads
        texts, tokens, width = hidden.shape

        def split(one: nn.Module) -> torch.Tensor:
            return one(hidden).view(texts, tokens, heads, width // heads).transpose(1, 2)

        query, key, value = (split(getattr(attention.self, name)) for name in ("query", "key", "value"))
        weights = torch.softmax(query @ key.transpose(2, 3) / (width // heads) ** 0.5 + away, dim=-1)
        heard = (weights @ value).transpose(1, 2).reshape(texts, tokens, width)
        hidden = attention.output.LayerNorm(attention.output.dense(heard) + hidden)
        inner = nn.functional.gelu(layer.intermediate.dense(hidden))
        whole: torch.Tensor = layer.output.LayerNorm(layer.output.dense(inner) + hidden)
        return whole
