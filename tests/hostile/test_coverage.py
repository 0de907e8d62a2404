"""Every kind of bad input that the service promises to survive, and the test that tries it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

# Kind -> file, test function, and the words by which its table names the case.
FILES = "hostile/test_files.py"
PIPELINES = "hostile/test_pipelines.py"
BODIES = "hostile/test_bodies.py"
NAMES = "hostile/test_names.py"
TOKENS = "hostile/test_tokens.py"
REQUESTS = "hostile/test_requests.py"
METADATA = "engine/reading/metadata/test_tag_bombs.py"
MALFORMED = "api/http/test_problem.py"  # whose table BODIES sends, as NAMES does with this one's
UPLOADS = "api/views/images/uploads"

TRIED: dict[str, list[tuple[str, str, str]]] = {
    "empty file": [(FILES, "test_refused", "empty")],
    "one pixel": [(FILES, "test_odd_but_a_picture", "one pixel")],
    "1 x 60,000 strip": [(FILES, "test_refused", "1 x 60,000")],
    "header claiming 65,535 x 65,535": [
        (FILES, "test_refused", f"{kind} of 65,535") for kind in ("PNG", "JPEG", "GIF")
    ],
    "highly compressible bomb": [
        (FILES, "test_refused", "bomb"),
        (FILES, "test_odd_but_a_picture", "49 megapixels of black"),
    ],
    "many frames": [
        *((FILES, "test_refused", f"{kind} of 1,001 frames") for kind in ("GIF", "WebP", "APNG")),
        *(
            (FILES, "test_odd_but_a_picture", f"{kind} of 200 frames")
            for kind in ("GIF", "WebP", "APNG")
        ),
    ],
    "truncated": [(FILES, "test_refused", f"truncated {kind}") for kind in ("JPEG", "PNG", "WebP")],
    "TIFF directory loop": [(FILES, "test_refused", "TIFF directory loop")],
    "broken ICC": [(FILES, "test_odd_but_a_picture", "broken ICC")],
    "huge text chunks": [
        (FILES, "test_refused", "text of 30 MB"),
        (FILES, "test_odd_but_a_picture", "JPEG of comments"),
        ("engine/reading/metadata/test_exif_size.py", "test_a_huge_text_is_cut_with_a_warning", ""),
    ],
    "metadata that is one long array": [
        *((FILES, "test_odd_but_a_picture", f"tags of a {kind}") for kind in ("PNG", "TIFF")),
        (METADATA, "test_one_array_behind_all_tags", ""),
        (METADATA, "test_a_tag_of_a_tiff", ""),
        (METADATA, "test_memory_grows_with_the_file_only", ""),
    ],
    "wrong extension": [(FILES, "test_odd_but_a_picture", "wrong extension")],
    "wrong content type": [(FILES, "test_the_sender_s_type_and_name_are_never_ours", "")],
    "another format under an image's name": [
        (FILES, "test_refused", kind)
        for kind in ("text", "EPS", "PSD", "PDF", "SVG", "ICO", "FITS", "HTML")
    ],
    "JPEG with HTML or ZIP appended": [
        (FILES, "test_odd_but_a_picture", f"{kind} appended") for kind in ("HTML", "ZIP")
    ],
    "GPS and serial numbers in EXIF": [
        (FILES, "test_position_and_serial_numbers_are_gone_from_results", ""),
        (f"{UPLOADS}/test_accepted_files.py", "test_the_gps_position_is_shown_on_request_only", ""),
    ],
    "all eight orientations": [(FILES, "test_every_orientation_comes_out_upright", "")],
    "CMYK, 16-bit, palette with alpha": [
        (FILES, "test_odd_but_a_picture", kind)
        for kind in ("CMYK", "16 bit", "16 bit TIFF", "palette with alpha")
    ],
    "names": [
        *(
            (f"{UPLOADS}/test_file_names.py", "test_a_hostile_name_becomes_a_harmless_one", kind)
            for kind in ("a path", "NUL", "CR LF", "right-to-left override")
        ),
        (f"{UPLOADS}/test_file_names.py", "test_a_file_without_a_usable_name_is_refused", "10 KB"),
        (NAMES, "test_a_name_is_made_harmless", ""),
        (NAMES, "test_a_name_that_is_none_is_refused", ""),
        (NAMES, "test_a_chosen_name_is_taken_as_it_is_or_refused", ""),
    ],
    "pipelines of no steps, and of 1,000": [
        (PIPELINES, "test_refused", kind) for kind in ("no steps", "1,000 steps")
    ],
    "unknown step or key": [
        (PIPELINES, "test_refused", kind) for kind in ("unknown step", "unknown key")
    ],
    "wrong types": [
        (PIPELINES, "test_refused", "wrong types"),
        (
            "api/views/pipelines/transform/test_refused_pipelines.py",
            "test_refused_pipelines_leave_nothing",
            "width: text",
        ),
        (
            "api/views/images/test_images.py",
            "test_a_refused_change_changes_nothing",
            "name: number",
        ),
    ],
    "NaN, Infinity, 1e999": [(PIPELINES, "test_numbers_that_are_none", "")],
    "negative and zero sizes": [
        (PIPELINES, "test_refused", kind) for kind in ("negative size", "zero size")
    ],
    "crops outside": [(PIPELINES, "test_refused", "crop outside")],
    "enormous chains": [
        *(
            (PIPELINES, "test_refused", f"{kind} again and again")
            for kind in ("resized", "padded", "bordered", "rotated")
        ),
        (PIPELINES, "test_extreme_but_possible", "to one pixel and back"),
    ],
    "extreme radii": [
        (PIPELINES, "test_refused", "radius beyond the limit"),
        (PIPELINES, "test_extreme_but_possible", "largest blur"),
    ],
    "emoji and right-to-left text": [
        (PIPELINES, "test_refused", "emoji"),
        (PIPELINES, "test_refused", "right-to-left override"),
        (PIPELINES, "test_extreme_but_possible", "right to left"),
    ],
    "ids of other people's images": [
        (PIPELINES, "test_ids_of_other_people_s_images", ""),
        ("api/test_ownership.py", "test_an_object_of_another_user_is_not_found", ""),
    ],
    "JSON that is deep, huge, not UTF-8, with lone surrogates or NUL": [
        *(
            (MALFORMED, "test_malformed_json", kind)
            for kind in ("200,000 nested lists", "not UTF-8", "a lone surrogate", "NUL")
        ),
        (BODIES, "test_malformed", ""),
        (BODIES, "test_huge", ""),
    ],
    "tokens": [
        *((TOKENS, "test_a_forged_token", kind) for kind in ("expired", "unsigned", "alg none")),
        (TOKENS, "test_a_refresh_token_is_no_access_token", ""),
        (TOKENS, "test_a_token_of_a_deleted_user", ""),
        ("api/auth/test_authentication.py", "test_table", "refresh as access"),
    ],
    "cookies from a foreign origin": [
        (TOKENS, "test_cookies_from_a_foreign_page", ""),
        ("api/auth/test_origin.py", "test_a_change_by_cookie", "foreign"),
    ],
    "forwarded-for rotation": [
        ("api/http/test_rate_limits.py", "test_a_forged_address_gives_no_new_limit", ""),
        ("api/auth/test_lockout.py", "test_a_made_up_forwarded_for_does_not_help", ""),
    ],
    "one idempotency key, 50 times at once": [
        (REQUESTS, "test_one_key_fifty_times_at_once", ""),
        (
            "api/requests/idempotency/test_simultaneous_requests.py",
            "test_simultaneous_requests_create_one_object",
            "",
        ),
    ],
    "webhooks to inside addresses": [
        *(
            (REQUESTS, "test_webhooks_to_inside_addresses", kind)
            for kind in ("this machine", "mapped into IPv6", "private", "carrier-grade NAT")
        ),
        ("webhooks/test_webhooks.py", "test_a_name_that_leads_inside_is_refused", ""),
        (
            "webhooks/test_refused_messages.py",
            "test_one_that_leads_inside_by_now_is_not_reached",
            "",
        ),
        ("webhooks/test_refused_messages.py", "test_a_redirect_is_not_followed", ""),
    ],
    "altered and expired links": [
        (TOKENS, "test_an_altered_link", ""),
        ("storage/test_local_links.py", "test_altered_links_are_refused", ""),
        ("storage/test_local_links.py", "test_an_expired_link_is_refused", ""),
        ("storage/test_s3_links.py", "test_an_altered_link_is_refused", ""),
        ("storage/test_s3_links.py", "test_an_expired_link_is_refused", ""),
    ],
}


@cache
def _contents(path: str) -> tuple[set[str], set[str]]:
    """The test functions of a file, and all the texts in it."""
    tree = ast.parse((TESTS / path).read_text())
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return functions, texts


@pytest.mark.parametrize("kind", TRIED)
def test_it_is_tried(kind: str) -> None:
    assert TRIED[kind]
    for path, function, case in TRIED[kind]:
        functions, texts = _contents(path)
        assert function in functions, f"{path} has no {function}"
        assert not case or case in texts, f"{path} has no case {case!r}"


def test_the_document_names_what_is_tried() -> None:
    text = (TESTS.parent / "docs/reliability.md").read_text().partition("## Bad input")[2]
    named = re.findall(r"^\| (.+?) \|", text.partition("\n## ")[0], re.MULTILINE)
    assert named[0] == "input"
    assert named[1:] == list(TRIED)
