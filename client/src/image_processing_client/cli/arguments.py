"""The options and arguments of all commands."""

from __future__ import annotations

import argparse
from pathlib import Path

from image_processing_client.cli import exits, steps
from image_processing_client.cli.batch import batch
from image_processing_client.cli.login import login, logout
from image_processing_client.cli.operations import operations
from image_processing_client.cli.transfer import download, import_urls, upload
from image_processing_client.cli.transform import plan, transform, wait
from image_processing_client.file_names import to_text

WAIT = 300  # seconds


def parser() -> argparse.ArgumentParser:
    """Return the parser. Its result has the command's function as `run`."""
    top = argparse.ArgumentParser(
        prog="ips",
        description="Command line of the image processing service.",
        epilog=f"Exit codes: {(exits.__doc__ or '').partition('.')[2].strip()}",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    one = _command(commands, "login", login, "sign in and remember it on this machine")
    one.add_argument("address", nargs="?", metavar="URL", help="address of the service")
    one.add_argument("--email", help="e-mail address or user name; default: ask for it")
    one.add_argument(
        "--key", nargs="?", const="", help="sign in with an API key; without a value: ask for it"
    )

    _command(commands, "logout", logout, "sign out and forget it on this machine")

    one = _command(commands, "upload", upload, "upload files")
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one.add_argument("--description", type=_text)

    one = _command(commands, "import", import_urls, "let the service download pictures")
    one.add_argument("urls", nargs="+", type=_text, metavar="URL")
    one.add_argument("--file-name", type=_text, help="default: the end of the address")
    one.add_argument("--description", type=_text)
    one.add_argument("--wait", action="store_true", help="wait until the images are ready")
    one.add_argument("--timeout", type=float, default=WAIT, help="seconds (default: %(default)s)")

    one = _command(commands, "transform", transform, "transform an image")
    one.add_argument("image", metavar="IMAGE|FILE", help="id of an image, or a file to upload")
    steps.add_arguments(one)
    one.add_argument("--wait", action="store_true", help="wait until the task has ended")
    _add_download(one, "wait, and write the result to this file or folder")

    one = _command(
        commands, "plan", plan, "show what a transformation would give, without making it"
    )
    one.add_argument("image", type=int, metavar="IMAGE", help="id of an image")
    steps.add_arguments(one)

    one = _command(commands, "wait", wait, "wait for tasks to end")
    one.add_argument("tasks", nargs="+", type=int, metavar="TASK")
    one.add_argument("--timeout", type=float, default=WAIT, help="seconds (default: %(default)s)")

    one = _command(commands, "download", download, "download the result of a task")
    one.add_argument("id", type=int, metavar="TASK", help="id of a task; waits until it has ended")
    kind = one.add_mutually_exclusive_group()
    kind.add_argument("--result", action="store_true", help="the id is the id of a result")
    kind.add_argument("--original", action="store_true", help="the id is the id of an image")
    _add_download(one, "file or folder (default: the name at the service, in this folder)")

    one = _command(commands, "operations", operations, "list the operations, or show one")
    one.add_argument("name", nargs="?", metavar="OPERATION")

    one = _command(
        commands, "batch", batch, "transform every picture of a folder; can be continued"
    )
    one.add_argument("folder", type=Path, metavar="FOLDER")
    one.add_argument("out", type=Path, metavar="OUT")
    steps.add_arguments(one)
    one.add_argument("--concurrency", type=int, default=4, help="files at a time (default: 4)")
    one.add_argument(
        "--force", action="store_true", help="overwrite files that this batch did not make"
    )
    one.add_argument("--timeout", type=float, default=WAIT, help="seconds for each task")
    return top


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: object,
    summary: str,
) -> argparse.ArgumentParser:
    one = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
    one.set_defaults(run=run)
    one.add_argument("--url", help="address of the service (default: IPS_URL or that of login)")
    one.add_argument(
        "--retries",
        type=int,
        default=5,
        help="how often to repeat a failed request (default: %(default)s)",
    )
    one.add_argument("--json", action="store_true", help="print JSON, one object per line")
    one.add_argument("-q", "--quiet", action="store_true", help="print errors only")
    return one


def _text(argument: str) -> str:
    """Return the argument if it is UTF-8, as all texts of a request are."""
    if to_text(argument) != argument:
        raise argparse.ArgumentTypeError(f"{to_text(argument)} is not UTF-8")
    return argument


def _add_download(one: argparse.ArgumentParser, output_help: str) -> None:
    one.add_argument("-o", "--output", type=Path, metavar="PATH", help=output_help)
    one.add_argument("--force", action="store_true", help="overwrite an existing file")
    one.add_argument("--timeout", type=float, default=WAIT, help="seconds (default: %(default)s)")
