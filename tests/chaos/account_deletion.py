"""Delete a full account under a stream of its own requests, and kill the worker meanwhile.

python -m tests.chaos.account_deletion --images 60000 --kills 2
"""

from __future__ import annotations

import argparse
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.builders import pictures
from tests.chaos.command import report
from tests.chaos.figures import NO_HANG, Figures
from tests.scripts.processes import until
from tests.stack.service import Service, get_task, register_client, submit, upload

REMOVAL_SECONDS = 1800
STREAMS = 4
PASSWORD = "a-long-pass-phrase-7"
STEPS = [{"operation": "resize", "params": {"width": 8, "height": 8}}]

_COLUMNS = """
SELECT quote_ident(column_name) FROM information_schema.columns
WHERE table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'
"""


def run(service: Service, *, images: int, kills: int) -> Figures:
    """Delete an account of so many images, tasks and results. Another owner deletes one image."""
    figures = Figures("account deletion", {"worker kills": kills})
    with register_client(service) as leaving, register_client(service) as other:
        fill(service, leaving, images)
        picture = upload(other, pictures.jpeg(seed=2))
        link = other.get(f"/images/{picture}/").json()["file"]
        owner = int(leaving.get("/auth/user/").json()["pk"])
        with stream(leaving) as answers:
            until(lambda: answers[201] > 0, "an accepted request of the account")
            start = time.monotonic()
            answer = leaving.request("DELETE", "/auth/user/", json={"password": PASSWORD})
            figures.measured["answered after"] = f"{time.monotonic() - start:.2f} s"
            figures.require(answer.status_code == 204, f"the answer is {answer.status_code}")
            before = Counter(answers)
            until(lambda: answers[401] >= STREAMS, "the end of the account for its requests")
            figures.require(
                answers[201] - before[201] <= STREAMS, "requests are accepted after the end"
            )
        figures.require(set(answers) <= {201, 401}, f"answers to the stream: {dict(answers)}")
        _delete_other_image(service, other, picture, link, figures)
        for _ in range(kills):
            _await_progress(service, owner)
            service.worker("system").send(signal.SIGKILL)
        until(lambda: not _rows_left(service, owner), "the account's rows", within=REMOVAL_SECONDS)
        figures.measured["rows removed after"] = f"{time.monotonic() - start:.0f} s"
        until(lambda: not _objects_left(service), "the files", within=REMOVAL_SECONDS)
        figures.recovered = time.monotonic() - start
        media = Path(service.environment()["MEDIA_ROOT"])
        left = [path for path in media.rglob("*") if path.is_file() and path.name != ".probe"]
        figures.require(not left, f"{len(left)} files stay, such as {left[:1]}")
    return figures


@contextmanager
def stream(client: httpx.Client) -> Iterator[Counter[int]]:
    """Let several threads upload without a pause; yields how often each status was answered."""
    answers: Counter[int] = Counter()
    end = threading.Event()
    lock = threading.Lock()

    def send(number: int) -> None:
        while not end.is_set():
            file = ("photo.jpg", pictures.jpeg(seed=3 + number))
            status = client.post("/images/upload/", files={"file": file}).status_code
            with lock:
                answers[status] += 1

    threads = [threading.Thread(target=send, args=[number]) for number in range(STREAMS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        end.set()
        for thread in threads:
            thread.join()


def fill(service: Service, client: httpx.Client, images: int) -> None:
    """Copy an image with its task and result, rows and files, until there are so many."""
    image = upload(client, pictures.jpeg(seed=1))
    task = submit(client, image, STEPS, format="png")
    done = get_task(client, task, wait=30)
    result = done["result_image"]
    media = Path(service.environment()["MEDIA_ROOT"])
    source = "(SELECT stored_object_id FROM image_processor_sourceimage WHERE id = %s)"
    made = "(SELECT stored_object_id FROM image_processor_transformedimage WHERE id = %s)"
    for kind, query, pk in (("sources", source, image), ("results", made, result)):
        key = f"'images/{kind}/' || to_char(n %% 256, 'FM000') || '/chaos-' || n || '.bin'"
        copies = {"fingerprint": f"'{kind}-' || n", "key": key, "to_derive": "false"}
        copies |= {"thumbnail_id": "NULL", "proxy_id": "NULL"}
        _copy(service, "storedobject", query % pk, images, copies, first=_FIRST[kind])
        for number in range(1, images + 1):
            path = media / f"images/{kind}/{number % 256:03}/chaos-{number}.bin"
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(b"x")
    base = _FIRST["rows"]
    objects = {kind: f"{_FIRST[kind]} + n" for kind in ("sources", "results")}
    _copy(service, "sourceimage", image, images, {"stored_object_id": objects["sources"]}, base)
    _copy(service, "transformationtask", task, images, {"original_image_id": f"{base} + n"}, base)
    _copy(
        service,
        "transformedimage",
        result,
        images,
        {
            "stored_object_id": objects["results"],
            "source_image_id": f"{base} + n",
            "transformation_task_id": f"{base} + n",
        },
        base,
    )


_FIRST = {"sources": 10_000_000, "results": 20_000_000, "rows": 10_000_000}


def _copy(
    service: Service,
    table: str,
    template: int | str,
    count: int,
    changes: dict[str, str],
    first: int,
) -> None:
    name = f"image_processor_{table}"
    columns = [column for (column,) in service.query(_COLUMNS, name)]
    values = ", ".join(changes.get(column.strip('"'), f"t.{column}") for column in columns)
    service.query(
        f"INSERT INTO {name} (id, {', '.join(columns)})"  # noqa: S608 - our own names
        f" SELECT {first} + n, {values} FROM {name} AS t, generate_series(1, %s) AS n"
        f" WHERE t.id = {template}",
        count,
    )


def _delete_other_image(
    service: Service, client: httpx.Client, picture: int, link: str, figures: Figures
) -> None:
    start = time.monotonic()
    client.delete(f"/images/{picture}/").raise_for_status()
    figures.require(httpx.get(link).status_code == 404, "a link to a deleted image still works")
    owner = int(client.get("/auth/user/").json()["pk"])
    waiting = "SELECT count(*) FROM image_processor_unclaimedobject WHERE owner_id = %s"
    until(lambda: service.query(waiting, owner) == [(0,)], "another owner's file")
    seconds = time.monotonic() - start
    figures.measured["another owner's file removed after"] = f"{seconds:.1f} s"
    figures.require(seconds < NO_HANG, "another owner's file waits for those of the account")


def _await_progress(service: Service, owner: int) -> None:
    before = _rows_left(service, owner)
    until(lambda: _rows_left(service, owner) < before, "progress of the deletion", within=300)


def _rows_left(service: Service, owner: int) -> int:
    [(count,)] = service.query(
        "SELECT (SELECT count(*) FROM image_processor_storedobject WHERE owner_id = %s)"
        " + (SELECT count(*) FROM image_processor_transformationtask WHERE owner_id = %s)"
        " + (SELECT count(*) FROM accounts_user WHERE id = %s)",
        owner,
        owner,
        owner,
    )
    return int(count)


def _objects_left(service: Service) -> int:
    [(count,)] = service.query("SELECT count(*) FROM image_processor_unclaimedobject")
    return int(count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--kills", type=int, default=2)
    options = parser.parse_args()
    report(lambda service: run(service, images=options.images, kills=options.kills))
