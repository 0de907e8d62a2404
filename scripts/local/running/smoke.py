"""Process a photograph through the public HTTP API and print each step.

    python -m scripts.local.running.smoke http://127.0.0.1:8000 FOLDER

The resulting picture is written to FOLDER.
"""

import io
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
from PIL import Image

PHOTOGRAPH = Path(__file__).parents[1] / "rocket.jpg"
PIPELINE = {
    "format": "jpeg",
    "transformations": [
        {"operation": "resize", "params": {"width": 320, "height": 200}},
        {"operation": "apply_filter", "params": {"grayscale": True}},
    ],
}
SIZE = (320, 200)
POLLS = 6  # of 20 seconds each
FINAL_STATES = {"SUCCESS", "FAILED", "CANCELLED"}


class Deviation(Exception):
    """The service answered differently than it should; the text is one sentence."""


def main(address: str, folder: Path) -> int:
    """Run the job and return the exit status."""
    try:
        with httpx.Client(base_url=address, timeout=60) as client:
            picture = run(client)
    except httpx.HTTPError as error:
        print(f"The connection to {address} failed: {error!r}.", file=sys.stderr)
        return 1
    except Deviation as deviation:
        print(deviation, file=sys.stderr)
        return 1
    path = folder / "rocket-320x200-gray.jpg"
    path.write_bytes(picture)
    print(f"picture: {path}")
    return 0


def run(client: httpx.Client) -> bytes:
    """Register, upload, transform, wait, download and check; return the resulting picture."""
    token = _register(client)
    client.headers["Authorization"] = f"Bearer {token}"
    image = _upload(client)
    task = _wait_for_success(client, _submit(client, image))
    picture = _download(task["result_url"])
    _check_refusal(task["result_url"])
    return picture


def _register(client: httpx.Client) -> str:
    email = f"smoke-{secrets.token_hex(6)}@example.com"
    answer = client.post(
        "/api/v1/auth/registration/", json={"email": email, "password": secrets.token_urlsafe(18)}
    )
    body = _expect(answer, 201, f"register {email}")
    return str(body["access_token"])


def _upload(client: httpx.Client) -> str:
    data = PHOTOGRAPH.read_bytes()
    answer = client.post(
        "/api/v1/images/upload/", files={"file": (PHOTOGRAPH.name, data, "image/jpeg")}
    )
    body = _expect(answer, 201, f"upload {PHOTOGRAPH.name}, {len(data):,} bytes")
    return str(body["id"])


def _submit(client: httpx.Client, image: str) -> str:
    answer = client.post(f"/api/v1/images/{image}/transform/", json=PIPELINE)
    body = _expect(answer, 201, "submit: resize to 320x200, then grayscale, as JPEG")
    return str(body["id"])


def _wait_for_success(client: httpx.Client, task: str) -> dict[str, str]:
    for _ in range(POLLS):
        answer = client.get(f"/api/v1/tasks/{task}/", params={"wait": 20})
        body = _expect(answer, 200, f"wait for task {task}")
        if body["status"] in FINAL_STATES:
            break
    if body["status"] != "SUCCESS":
        reason = (body.get("error_message") or "it did not end in time").rstrip(".")
        raise Deviation(f"Task {task} is {body['status']} instead of SUCCESS: {reason}.")
    return body


def _download(url: str) -> bytes:
    answer = httpx.get(url, follow_redirects=True, timeout=60)
    _show(answer, f"download {url[:60]}...")
    if answer.status_code != 200:
        raise Deviation(f"The link {url} answered {answer.status_code} instead of 200.")
    with Image.open(io.BytesIO(answer.content)) as picture:
        picture.load()
        facts = (picture.format, picture.mode, picture.size)
    if facts != ("JPEG", "L", SIZE):
        raise Deviation(f"The picture is {facts} instead of a gray JPEG of {SIZE}.")
    print(f"  it is a gray JPEG of {SIZE[0]}x{SIZE[1]} pixels")
    return answer.content


def _check_refusal(url: str) -> None:
    """Check that the link does not work without its signature or with a changed one."""
    for name, link in (
        ("no signature", _remove_signature(url)),
        ("a changed signature", _change_signature(url)),
    ):
        answer = httpx.get(link, timeout=60)
        _show(answer, f"the same link with {name}")
        if answer.status_code != 403:
            raise Deviation(f"The link with {name} answered {answer.status_code} instead of 403.")


def _remove_signature(url: str) -> str:
    """Remove the signature: the query of an S3 link, or the end of a local link's path."""
    parts = urlsplit(url)
    if parts.query:
        return urlunsplit(parts._replace(query=""))
    return urlunsplit(parts._replace(path=parts.path.rpartition(":")[0]))


def _change_signature(url: str) -> str:
    """Change the first character of the signature; in the last one, some bits may be unused."""
    unsigned = _remove_signature(url)
    if "Signature=" in url:
        before, mark, signature = url.rpartition("Signature=")
    else:
        before, mark, signature = unsigned, ":", url.removeprefix(f"{unsigned}:")
    other = "0" if signature[0] != "0" else "1"
    return f"{before}{mark}{other}{signature[1:]}"


def _expect(answer: httpx.Response, status: int, step: str) -> dict[str, str]:
    _show(answer, step)
    if answer.status_code != status:
        raise Deviation(
            f"To {step!r} the service answered {answer.status_code} instead of {status}: "
            f"{answer.text[:300]}"
        )
    body = answer.json()
    if not isinstance(body, dict):
        raise Deviation(f"To {step!r} the service answered no JSON object: {answer.text[:300]}")
    return body


def _show(answer: httpx.Response, step: str) -> None:
    kind = answer.headers.get("Content-Type", "nothing").partition(";")[0]
    milliseconds = answer.elapsed.total_seconds() * 1000
    size = f"{len(answer.content):,} bytes of {kind}"
    print(f"{step}: {answer.status_code}, {size}, {milliseconds:.0f} ms", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
