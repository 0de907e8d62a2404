"""The profile of a BMP."""

import pytest

from tests.engine.builders import encoded, facts_of
from tests.engine.files.declared import LINEAR_PROFILE, RED, flat, gray, shown


@pytest.mark.rule(
    "BMP",
    "converted",
    "An embedded ICC profile is applied. Calibrated primaries and gammas are not, as in browsers.",
)
def test_the_profile_of_a_bmp_is_applied() -> None:
    pixels = bytes(gray(55)) * 16 * 12
    header = b"DEBM".rjust(60, b"\0")
    info = bytearray(124)
    info[:16] = encoded(flat(RED), "BMP")[14:30]
    info[0] = 124
    info[56:60] = header[56:]
    info[112:116] = (124 + len(pixels)).to_bytes(4, "little")
    info[116:120] = len(LINEAR_PROFILE).to_bytes(4, "little")
    body = bytes(info) + pixels + LINEAR_PROFILE
    start = b"BM" + (14 + len(body)).to_bytes(4, "little") + bytes(4) + (138).to_bytes(4, "little")
    assert shown(start + body) == pytest.approx(gray(128), abs=1)
    assert facts_of(start + body).icc_profile == "linear"
