"""Sentence encoders: pooling checked by hand on a stand-in, and the real runtime where it is."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from framing.measures.classifier.sentences import SentenceEmbedder, sentence_embedder

WORDS = {"[CLS]": 1, "[SEP]": 2, "war": 3, "peace": 4, "talks": 5}


class Pieces:
    """A tokenizer of whole words that cuts texts after `most` of them."""

    def __init__(self, most=3):
        self.most, self.told = most, []

    def encode_batch(self, texts):
        return [self._encode(text.split()) for text in texts]

    def _encode(self, words):
        cuts = [words[i : i + self.most] for i in range(0, max(len(words), 1), self.most)]
        first, *rest = [SimpleNamespace(ids=[1, *(WORDS[w] for w in cut), 2]) for cut in cuts]
        return SimpleNamespace(ids=first.ids, overflowing=rest)

    def enable_truncation(self, most):
        self.told.append(("truncation", most))

    def no_padding(self):
        self.told.append(("padding", None))


class Encoder:
    """Gives each token the vector of its id: one dimension an id."""

    def __init__(self):
        self.shapes = []

    def __call__(self, names, inputs):
        self.shapes.append(inputs["input_ids"].shape)
        assert set(inputs) == {"input_ids", "attention_mask"}
        return [np.eye(6)[inputs["input_ids"]]]


def embedder(**options):
    return SentenceEmbedder(Encoder(), ["input_ids", "attention_mask"], Pieces(), **options)


def test_a_text_is_the_mean_of_its_tokens_with_length_one():
    found = embedder()(["war", "war war peace"])
    assert found[0] == pytest.approx(np.array([0, 1, 1, 1, 0, 0]) / np.sqrt(3))
    assert found[1] == pytest.approx(np.array([0, 1, 1, 2, 1, 0]) / np.sqrt(7))


def test_padding_beside_a_longer_text_changes_nothing():
    texts = ["war", "war war peace", "", "talks peace"]
    alone = np.vstack([embedder()([text]) for text in texts])
    assert embedder()(texts) == pytest.approx(alone)
    assert embedder(batch=1)(texts) == pytest.approx(alone)


def test_a_long_text_is_the_mean_of_all_its_pieces():
    found = embedder()(["war war war peace peace"])
    assert found[0] == pytest.approx(np.array([0, 2, 2, 3, 2, 0]) / np.sqrt(21))


def test_a_text_is_embedded_once():
    own = embedder()
    first = own(["war", "peace", "war"])
    assert own.run.shapes == [(2, 3)]
    assert (own(["war"]) == first[[0]]).all()
    assert own.run.shapes == [(2, 3)]


def test_an_encoder_without_a_vector_a_token_is_refused():
    own = SentenceEmbedder(lambda names, inputs: [np.ones((1, 4))], ["input_ids"], Pieces())
    with pytest.raises(ValueError, match=r"shape \(1, 4\) for 1 pieces of 3 tokens"):
        own(["war"])


@pytest.fixture
def folder(tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


@pytest.fixture
def stand_ins(monkeypatch):
    """Modules that stand for the two packages of the extra."""
    pieces, encoder = Pieces(), Encoder()
    inputs = [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]
    session = SimpleNamespace(run=encoder, get_inputs=lambda: inputs)
    runtime = SimpleNamespace(InferenceSession=lambda path, providers: session)
    tokenizers = SimpleNamespace(Tokenizer=SimpleNamespace(from_file=lambda path: pieces))
    monkeypatch.setitem(sys.modules, "onnxruntime", runtime)
    monkeypatch.setitem(sys.modules, "tokenizers", tokenizers)
    return pieces


def test_a_folder_is_loaded(folder, stand_ins):
    found = sentence_embedder(folder, max_tokens=9)(["war"])
    assert found.shape == (1, 6)
    assert stand_ins.told == [("truncation", 9), ("padding", None)]


def test_what_cannot_be_loaded_says_why(folder, tmp_path, monkeypatch, stand_ins):
    with pytest.raises(ValueError, match="max_tokens=2 must be 8 or more"):
        sentence_embedder(folder, max_tokens=2)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(ImportError, match=r"pip install framing-kit\[embeddings\]"):
        sentence_embedder(folder)
    (folder / "model.onnx").unlink()
    with pytest.raises(FileNotFoundError, match=r"no model.onnx. Give the folder"):
        sentence_embedder(folder)


def test_the_real_tokenizer_cuts_as_the_stand_in_does():
    tokenizers = pytest.importorskip("tokenizers", reason="extra `embeddings` not installed")
    real = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="war"))
    real.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    ends = [("[CLS]", 1), ("[SEP]", 2)]
    real.post_processor = tokenizers.processors.TemplateProcessing("[CLS] $A [SEP]", None, ends)
    real.enable_truncation(5)
    real.no_padding()
    texts = ["war war war peace peace", "war", "", "talks"]
    mine = SentenceEmbedder(Encoder(), ["input_ids", "attention_mask"], real)
    assert mine(texts) == pytest.approx(embedder()(texts))


def test_the_real_runtime_runs_an_encoder_from_a_file(tmp_path):
    pytest.importorskip("onnxruntime", reason="extra `embeddings` not installed")
    tokenizers = pytest.importorskip("tokenizers", reason="extra `embeddings` not installed")
    helper = pytest.importorskip("onnx.helper", reason="onnx, which writes models, not installed")
    onnx = pytest.importorskip("onnx")
    ids = helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["n", "t"])
    out = helper.make_tensor_value_info("hidden", onnx.TensorProto.FLOAT, ["n", "t", 6])
    table = helper.make_tensor("table", onnx.TensorProto.FLOAT, (6, 6), np.eye(6).ravel())
    node = helper.make_node("Gather", ["table", "input_ids"], ["hidden"])
    graph = helper.make_graph([node], "encoder", [ids], [out], [table])
    opset = helper.make_opsetid("", 13)
    onnx.save(
        helper.make_model(graph, opset_imports=[opset], ir_version=8), tmp_path / "model.onnx"
    )
    real = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="war"))
    real.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    real.save(str(tmp_path / "tokenizer.json"))
    found = sentence_embedder(tmp_path)(["war", "war war peace"])
    assert found[1] == pytest.approx(np.array([0, 0, 0, 2, 1, 0]) / np.sqrt(5))
