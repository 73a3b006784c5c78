"""Stage two in training, with the rounding that its file in eight bits will have, so that it learns to live with it.

Used by the last rounds of `processors.models.training.transformer`. The file rounds what goes into each layer to 256
steps between the least and the greatest value of a text, and each weight to 255 steps of its row's largest: that costs
a model which never met it a fifth of a logit.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

_ACTIVATION_STEPS, _WEIGHT_STEPS = 255, 127


@contextmanager
def eight_bits(encoder: nn.Module) -> Iterator[None]:
    """Round what each linear layer of an encoder reads, and its weights, until the context ends. Gradients pass."""
    layers = [one for one in encoder.modules() if isinstance(one, nn.Linear)]
    plain = [one.forward for one in layers]
    for one in layers:
        one.forward = _Rounded(one)  # the context gives the layer's own back
    try:
        yield
    finally:
        for one, forward in zip(layers, plain, strict=True):
            one.forward = forward


class _Rounded:
    """A layer's sum over rounded values. Values have shape (texts, tokens, width)."""

    def __init__(self, layer: nn.Linear) -> None:
        self._layer = layer

    def __call__(self, values: torch.Tensor) -> torch.Tensor:
        """Return what the layer gives for values and weights that are rounded."""
        return nn.functional.linear(rounded_values(values), rounded_weights(self._layer.weight), self._layer.bias)


def rounded_values(values: torch.Tensor) -> torch.Tensor:
    """Return values of shape (texts, tokens, width) in 256 steps between the least and greatest of each text."""
    values = values.float()
    with torch.no_grad():
        least = values.amin((1, 2)).clamp(max=0)
        step = ((values.amax((1, 2)).clamp(min=0) - least) / _ACTIVATION_STEPS).clamp(min=1e-8)
        zero = (-least / step).round().to(torch.int32)
    return torch.fake_quantize_per_channel_affine(values, step, zero, 0, 0, _ACTIVATION_STEPS)


def rounded_weights(weights: torch.Tensor) -> torch.Tensor:
    """Return weights of shape (out, in) in steps of a 127th of each row's largest."""
    with torch.no_grad():
        step = (weights.abs().amax(1) / _WEIGHT_STEPS).clamp(min=1e-8)
        zero = torch.zeros(len(weights), dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(weights, step, zero, 0, -_WEIGHT_STEPS, _WEIGHT_STEPS)
