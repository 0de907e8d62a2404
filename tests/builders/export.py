"""An exported page in the form of Next: folders with index.html, a 404.html, hashed files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = "(self.__next_f=self.__next_f||[]).push([1,'<é>'])"
PAGES = ("", "login", "signup", "forgot", "reset", "verify-email", "gallery", "image", "tasks")
CODE = "document.documentElement.dataset.ran = 'file'; " + "/* something to compress */" * 40

HTML = """<!DOCTYPE html><html lang="en"><head><title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_next/static/css/0a1b2c.css">
<style>h1 {{ color: rgb(1, 2, 3) }}</style>
<script src="/_next/static/chunks/main-4d5e6f.js" async=""></script>
</head><body><h1 style="text-align: center">{title}</h1>
<script>{script}</script><script>document.title += "!"</script>
<script type="application/json">{{"only": "data"}}</script></body></html>
"""


def write(root: Path, *, compressed: bool = False) -> Path:
    """Write the export; with `compressed`, also the compressed variants."""
    for name in PAGES:
        _write(root / name / "index.html", page(name or "Landing"))
        _write(root / name / "index.txt", f'1:"{name}"\n')
    _write(root / "404.html", page("Nothing here"))
    _write(root / "404" / "index.html", page("Nothing here"))
    _write(root / "_not-found" / "index.html", page("Nothing here"))
    _write(root / "_next/static/chunks/main-4d5e6f.js", CODE)
    _write(root / "_next/static/css/0a1b2c.css", "h1 { font-weight: bold }\n" * 50)
    _write(root / "config.json", '{"apiUrl": "https://left-over.example"}')
    _write(root / "icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    _write(root / ".built-from", "0123")
    if compressed:
        command = [sys.executable, "-m", "whitenoise.compress", "--quiet", str(root)]
        subprocess.run(command, check=True)
    return root


def page(title: str) -> str:
    """Return a page with every kind of inline code."""
    return HTML.format(title=title, script=SCRIPT)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
