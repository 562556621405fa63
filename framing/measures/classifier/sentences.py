"""Texts as vectors of a sentence encoder that lies on this computer; needs an optional extra."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

INSTALL = "It comes with the extra `embeddings`: pip install framing-kit[embeddings]"
FILES = ("model.onnx", "tokenizer.json")


def sentence_embedder(
    folder: str | Path, *, max_tokens: int = 256, batch: int = 32
) -> "SentenceEmbedder":
    """Load a sentence encoder from a folder, to be used as `embed=` of a classifier.

    Parameters
    ----------
    folder : str or Path
        A folder with `model.onnx` and `tokenizer.json`, as most published sentence encoders have
        them. Nothing is downloaded.
    max_tokens : int
        The longest piece of text the encoder takes at once, in its own tokens.
    batch : int
        How many pieces it takes at once.

    Returns
    -------
    SentenceEmbedder
        Called with a list of str, it returns an array (n, dimensions) of rows of length 1.

    Raises
    ------
    FileNotFoundError
        If the folder lacks one of the files.
    ImportError
        If `onnxruntime` or `tokenizers` is not installed.
    ValueError
        If `max_tokens` leaves no room for text or `batch` is less than 1; and, when it is called,
        if the encoder gives no vector for each token.

    Notes
    -----
    Sentences are the mean of the vectors of their tokens (Reimers & Gurevych 2019, EMNLP); a text
    longer than `max_tokens` is cut into pieces and the mean is that of all its tokens. An encoder
    that was trained to be read off its first token wants another embedder: any callable that
    takes a list of str and returns one row each will do, e.g. `SentenceTransformer(folder).encode`.

    Vectors carry what the encoder was trained on, which nobody here can inspect; what decided is
    no longer a list of terms. Say in the paper which encoder, and show the figures without it.

    Examples
    --------
    >>> sentence_embedder("no such folder")
    Traceback (most recent call last):
    FileNotFoundError: no such folder: no model.onnx and no tokenizer.json. Give the folder of an \
    encoder that lies on this computer
    """
    missing = [name for name in FILES if not (Path(folder) / name).is_file()]
    if missing:
        raise FileNotFoundError(
            f"{folder}: no {' and no '.join(missing)}. Give the folder of an encoder that lies on "
            "this computer"
        )
    if max_tokens < 8 or batch < 1:
        raise ValueError(f"max_tokens={max_tokens!r} must be 8 or more, batch={batch!r} 1 or more.")
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise ImportError(f"{error.name} is not installed. {INSTALL}") from error
    session = onnxruntime.InferenceSession(
        str(Path(folder) / FILES[0]), providers=["CPUExecutionProvider"]
    )
    tokenizer = tokenizers.Tokenizer.from_file(str(Path(folder) / FILES[1]))
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    return SentenceEmbedder(session.run, [i.name for i in session.get_inputs()], tokenizer, batch)


class SentenceEmbedder:
    """A loaded encoder; remembers the vectors of the texts it has seen.

    Parameters
    ----------
    run : callable
        `run(None, inputs)` gives arrays of which the first is (pieces, tokens, dimensions).
    inputs : sequence of str
        Names of the arrays it wants, among `input_ids`, `attention_mask` and `token_type_ids`.
    tokenizer : tokenizers.Tokenizer
        Cuts texts into pieces of ids.
    batch : int
        How many pieces are run at once.
    """

    def __init__(
        self, run: Callable[..., Any], inputs: Sequence[str], tokenizer: Any, batch: int = 32
    ) -> None:
        self.run, self.inputs, self.tokenizer, self.batch = run, tuple(inputs), tokenizer, batch
        self._known: dict[str, Floats] = {}

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Give one row of length 1 for each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._embed(new), strict=True))
        return np.array([self._known[text] for text in texts])

    def _embed(self, texts: list[str]) -> list[Floats]:
        from tqdm.auto import tqdm

        pieces = [
            (number, piece.ids)
            for number, encoded in enumerate(self.tokenizer.encode_batch(texts) if texts else [])
            for piece in (encoded, *encoded.overflowing)
        ]
        pieces.sort(key=lambda piece: len(piece[1]))  # so that a batch needs little padding
        sums: dict[int, Floats] = {}
        starts = range(0, len(pieces), self.batch)
        for start in tqdm(starts, desc="embedding", unit="batch", leave=False, disable=None):
            part = pieces[start : start + self.batch]
            for (number, _), total in zip(part, self._sums([ids for _, ids in part]), strict=True):
                sums[number] = sums.get(number, 0) + total
        return [sums[number] / np.linalg.norm(sums[number]) for number in range(len(texts))]

    def _sums(self, ids: list[list[int]]) -> Floats:
        """Sum the vectors of the tokens of every piece; that of their mean has its direction."""
        width = max(map(len, ids))
        padded = np.array([row + [0] * (width - len(row)) for row in ids], dtype=np.int64)
        mask = np.array([[1] * len(row) + [0] * (width - len(row)) for row in ids], dtype=np.int64)
        every = {"input_ids": padded, "attention_mask": mask, "token_type_ids": 0 * padded}
        hidden = np.asarray(self.run(None, {name: every[name] for name in self.inputs})[0], float)
        if hidden.ndim != 3 or hidden.shape[:2] != mask.shape:
            raise ValueError(
                f"The encoder gave an array of shape {hidden.shape} for {mask.shape[0]} pieces of "
                f"{mask.shape[1]} tokens. It must give a vector for each token; for another, write "
                "an embedder of your own: a callable, list of str -> one row for each."
            )
        return np.asarray(np.einsum("ptd,pt->pd", hidden, mask.astype(float)))
