"""What the client's README says of exceptions, exit codes and commands."""

from __future__ import annotations

import re

import image_processing_client
from image_processing_client import errors
from image_processing_client.cli import exits
from image_processing_client.cli.arguments import parser
from tests.project.documents import ROOT

README = (ROOT / "client" / "README.md").read_text()


def test_every_exception_is_in_the_table() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE))
    kinds = {
        name
        for name in image_processing_client.__all__
        if isinstance(kind := getattr(image_processing_client, name), type)
        and issubclass(kind, errors.ClientError)
    }
    assert named == kinds - {"ClientError", "APIError"}


def test_every_exit_code_is_in_the_table_and_in_the_help() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and type(value) is int}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)} == codes
    assert codes
    for code in codes:
        assert f"{code} " in parser().epilog


def test_commands_that_are_shown_can_be_typed() -> None:
    shown = set(re.findall(r"\bips (\w+)", "".join(re.findall(r"```bash\n(.*?)```", README, re.S))))
    assert shown >= {"login", "logout", "upload", "transform", "wait", "download", "batch"}
    assert shown <= set(re.findall(r"^    (\w+)\s", parser().format_help(), re.MULTILINE))
