"""Fuzz every reader, guided by coverage, for a bounded time. Run by hand; not part of the suite.

    pip install atheris
    python benchmarks/fuzz_readers.py --seconds 60 [FOLDER OF SAMPLE FILES]

Bytes are mutated from the samples (or from nothing) and offered to every reader that recognises
them. A reader may return records or raise `UnreadableError`; anything else is a crash, as is
reaching for the network, taking more than 2 GB or 20 seconds. What crashed is saved in this folder.
"""

import argparse
import socket
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["framing"]):
    from framing.corpus.encoding import UnreadableError
    from framing.corpus.readers import list_readers

    list_readers()  # imported here, so that their branches are counted

SUFFIXES = (".txt", ".csv", ".xlsx", ".json", ".parquet", ".docx", ".rtf", ".html", ".xml", ".warc")
LARGEST = 200_000


def offer(data):
    """Offer one file to every reader that recognises it."""
    name = "file" + SUFFIXES[data[0] % len(SUFFIXES)] if data else "file.txt"
    for reader in list_readers():
        if reader.recognise(data, name):
            try:
                reader.parse(data, name)
            except UnreadableError:
                continue


def refuse(*args, **kwargs):
    raise RuntimeError("a reader reached for the network")


def main(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="how long to run")
    parser.add_argument("samples", nargs="?", type=Path, help="folder of files to start from")
    known = parser.parse_args(words)
    socket.socket.connect = refuse
    found = Path(tempfile.mkdtemp(prefix="fuzz_"))
    for number, path in enumerate(sorted(known.samples.rglob("*")) if known.samples else []):
        if path.is_file() and path.stat().st_size <= LARGEST:
            (found / str(number)).write_bytes(path.read_bytes())
    flags = [f"-max_total_time={known.seconds}", f"-max_len={LARGEST}", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], str(found), *flags, "-timeout=20"], offer)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
