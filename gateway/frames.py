"""How a child process of ours is spoken to: four bytes of length (big-endian), then msgpack, each way in turn."""

import os
import sys
from collections.abc import Callable, Iterator

LENGTH_BYTES = 4
OUT_OF_MEMORY = 12  # the exit code of a child that cannot answer for want of it, as of ENOMEM


def packed(frame: bytes) -> bytes:
    return len(frame).to_bytes(LENGTH_BYTES, "big") + frame


def serve(answer: Callable[[bytes], bytes]) -> None:
    """The child's side: answer every frame on standard input until it ends, or until nobody listens any more."""
    try:
        for frame in _received():
            sys.stdout.buffer.write(packed(answer(frame)))
            sys.stdout.buffer.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BrokenPipeError:
        os._exit(0)  # the gateway was killed; an ordinary end would complain of the answer left in the buffer


def _received() -> Iterator[bytes]:
    stream = sys.stdin.buffer
    while len(length := stream.read(LENGTH_BYTES)) == LENGTH_BYTES:
        size = int.from_bytes(length, "big")
        if len(frame := stream.read(size)) == size:
            yield frame
