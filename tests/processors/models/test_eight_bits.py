"""Rounding in training as the file in eight bits rounds: by a text's own range, with gradients, for a while only."""

from typing import Any

import pytest

from tests.needing import TRAINING, needed


@pytest.fixture
def torch() -> Any:
    return needed("torch", TRAINING)


def test_each_text_is_rounded_by_its_own_range(torch: Any) -> None:
    from processors.models.training.eight_bits import rounded_values

    quiet, loud = torch.linspace(-1, 1, 12).reshape(3, 4), torch.linspace(0, 100, 12).reshape(3, 4)
    alone, together = rounded_values(quiet[None]), rounded_values(torch.stack((quiet, loud)))
    assert torch.equal(alone[0], together[0])
    assert 0 < (alone[0] - quiet).abs().max() <= 2 / 255
    assert (together[1] - loud).abs().max() <= 100 / 255


def test_weights_are_rounded_row_by_row(torch: Any) -> None:
    from processors.models.training.eight_bits import rounded_weights

    weights = torch.tensor([[0.5, -1.0, 0.3001], [10.0, 0.004, -3.0]])
    rounded = rounded_weights(weights)
    assert rounded[0, 1] == -1.0
    assert rounded[1, 1] == 0.0
    assert (rounded - weights).abs().max() <= 10 / 127


def test_layers_round_in_the_context_alone_and_still_learn(torch: Any) -> None:
    from processors.models.training.eight_bits import eight_bits

    torch.manual_seed(3)
    layers = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.GELU(), torch.nn.Linear(8, 2))
    values = torch.randn(2, 5, 8)
    plain = layers(values)
    with eight_bits(layers):
        rounded = layers(values)
        rounded.sum().backward()
    assert not torch.equal(rounded, plain)
    assert torch.allclose(rounded, plain, atol=0.1)
    assert torch.equal(layers(values), plain)
    assert layers[0].weight.grad.abs().sum() > 0
