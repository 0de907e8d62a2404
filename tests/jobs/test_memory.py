"""A worker's child that takes too much gets an error, and goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from image_processor.jobs import memory

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(memory.in_use() is None, reason="the system does not count it")

# What a child does after its start, with 64 MB to spare.
BOUND = """
from image_processor.engine.pixels.preload import preload_libraries
from image_processor.engine.pixels.opencv import cv2, is_out_of_memory
from image_processor.jobs import memory
import numpy
preload_libraries()
memory.limit(64 * 2**20)
def kind(work):
    try:
        work()
    except Exception as error:
        return is_out_of_memory(error)
"""


def child(code: str) -> str:
    """Run Python that must end well; what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", BOUND + code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_beyond_the_bound_is_an_error_and_within_it_is_not() -> None:
    assert child("print(kind(lambda: bytearray(2**27)), len(bytearray(2**25)))") == "True 33554432"


def test_freed_memory_is_kept_for_the_next_picture() -> None:
    """A picture that is made again takes no new pages from the system."""
    code = """
import resource
memory.keep_freed()
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytearray(16 * 2**20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
faults()
print(faults() < 100)
"""
    assert child(code) == "True"


def test_what_a_large_picture_leaves_goes_back_to_the_system() -> None:
    code = """
import resource
resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
memory.keep_freed()
before = memory.resident()
blocks = [bytearray(16 * 2**20) for _ in range(30)]
last = bytearray(2**16)
del blocks
kept = memory.resident() - before
memory.give_back()
print(kept > 2**28, memory.resident() - before < 2**26)
"""
    assert child(code) == "True True"


def test_numpy_and_opencv_say_so_too() -> None:
    code = """
picture = numpy.zeros((2000, 2000, 3), numpy.uint8)
print(
    kind(lambda: numpy.ones(2**27, numpy.uint8)),
    kind(lambda: cv2.resize(picture, (20000, 20000))),
    kind(lambda: cv2.resize(picture, (0, 0))),
)
"""
    assert child(code) == "True True False"


def test_a_lower_bound_of_the_machine_stays() -> None:
    code = """
import resource
now = memory.in_use()
resource.setrlimit(resource.RLIMIT_DATA, (now + 2**26, now + 2**26))
memory.limit(2**40)
print(resource.getrlimit(resource.RLIMIT_DATA)[0] == now + 2**26)
"""
    assert child(code) == "True"
