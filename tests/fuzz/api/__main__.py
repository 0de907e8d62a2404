"""`python -m tests.fuzz.api --examples 200`: the long run."""

from __future__ import annotations

import argparse
import time

from tests.fuzz.api.run import run

p = argparse.ArgumentParser()
p.add_argument("--examples", type=int, default=200)
p.add_argument("--url")
a = p.parse_args()
t = time.monotonic()
f = run(a.url, a.examples)
for key, text in f.findings.items():
    print("=====", *key)
    print(text[:1500])
print(f.statuses)
print(f, f"{time.monotonic() - t:.0f}s")
