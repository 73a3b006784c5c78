"""Stage two: a small transformer in ONNX with eight-bit weights, run without torch, on texts that stage one passes on.

Behind the linear model. Each text is read by itself: sums in eight bits share a scale, and in a batch a text's score
would hang on its neighbours, so that a replay would not find what was found before. That costs a third of the speed.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from processors.models.classifier import HEARD, LABELS
from processors.models.linear import Floats
from processors.models.tokens import open_tokenizer, padded, token_ids

WIDTH = len(LABELS) + len(HEARD)
"""Labels and categories."""


class Transformer:
    """The judge of stage two; may be used by several threads at once."""

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        """Load the files. Raises what onnxruntime raises where a file is no model."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Tokenizer = open_tokenizer(tokenizer)

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return logits of prepared texts, of shape (texts, WIDTH): the labels, then the categories that are heard."""
        found = np.zeros((len(texts), WIDTH), np.float32)
        for at, one in enumerate(token_ids(self._tokenizer, texts)):
            ids, mask = padded([one])
            (found[at : at + 1],) = self._session.run(None, {"ids": ids, "mask": mask})
        return found
