import gzip

import pytest

from framing.corpus import gzips
from framing.corpus.encoding import UnreadableError
from framing.corpus.gzips import unpack_gzip


def test_members_are_joined():
    assert unpack_gzip(gzip.compress(b"War ") + gzip.compress(b"began.")) == b"War began."


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b torn", gzip.compress(b"War" * 99, mtime=0)[:-9]])
def test_what_is_torn_is_said_to_be_broken(data):
    if not data:
        assert unpack_gzip(data) == b""
        return
    with pytest.raises(UnreadableError, match=r"broken \.gz"):
        unpack_gzip(data)


def test_a_bomb_is_not_opened_further_than_its_limit(monkeypatch):
    monkeypatch.setattr(gzips, "SMALL", 1000)
    bomb = gzip.compress(bytes(10_000_000))
    with pytest.raises(UnreadableError, match="packed more than 200 times"):
        unpack_gzip(bomb)


def test_a_file_too_large_is_to_be_split(monkeypatch):
    monkeypatch.setattr(gzips, "MAX_BYTES", 10)
    with pytest.raises(UnreadableError, match="split it"):
        unpack_gzip(gzip.compress(b"War began in the town."))


def test_a_small_file_may_be_packed_tightly():
    assert unpack_gzip(gzip.compress(bytes(1_000_000))) == bytes(1_000_000)
