"""Whether a profile is sRGB is decided by its effect, not by its name."""

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from image_processor.engine.reading import icc
from image_processor.engine.reading.icc import is_srgb
from tests.engine.builders import animation, encoded, gradient, image_of, run, step
from tests.engine.files.profiles import P3_PRIMARIES, SRGB_PRIMARIES, matrix_profile, srgb_curve

ELLE = "sRGB-elle-V2-g10.icc"
BUILT_IN = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    "profile",
    [
        BUILT_IN,
        matrix_profile("sRGB IEC61966-2.1", SRGB_PRIMARIES, srgb_curve(1024)),
        matrix_profile("c2", SRGB_PRIMARIES, srgb_curve(1024)),
    ],
    ids=["lcms", "named", "other-name"],
)
def test_srgb_is_recognised_under_any_name_and_changes_nothing(profile: bytes) -> None:
    assert is_srgb(profile)
    result = run(encoded(gradient(), "PNG", icc_profile=profile), step("flip"))
    flipped = gradient().transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    assert (np.asarray(image_of(result)) == np.asarray(flipped)).all()
    assert result.warnings == []


@pytest.mark.parametrize(
    "profile",
    [
        matrix_profile(ELLE, SRGB_PRIMARIES, [1.0]),
        matrix_profile("sRGB with wide primaries", P3_PRIMARIES, srgb_curve(1024)),
        matrix_profile("sRGB with a gamma", SRGB_PRIMARIES, [1.8]),
        b"sRGB",
        b"",
    ],
    ids=["linear", "primaries", "gamma", "broken", "empty"],
)
def test_other_profiles_named_srgb_are_not_srgb(profile: bytes) -> None:
    assert not is_srgb(profile)


@pytest.mark.parametrize("level", [10, 55, 128, 220])
def test_a_linear_profile_called_srgb_is_converted(level: int) -> None:
    data = encoded(
        Image.new("RGB", (64, 48), (level,) * 3),
        "PNG",
        icc_profile=matrix_profile(ELLE, SRGB_PRIMARIES, [1.0]),
    )
    result = run(data, step("flip"))
    light = level / 255
    wanted = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    assert result.warnings == []
    assert image_of(result).getpixel((9, 9)) == pytest.approx((wanted * 255,) * 3, abs=2)


def test_a_profile_is_checked_once_for_all_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    convert = ImageCms.profileToProfile

    def counted(*args: Any, **options: Any) -> object:
        calls.append(args)
        return convert(*args, **options)

    monkeypatch.setattr(ImageCms, "profileToProfile", counted)
    profile = matrix_profile("once for all frames", SRGB_PRIMARIES, srgb_curve(2048))
    assert run(animation("PNG", 20, icc_profile=profile), step("flip")).frames == 20
    assert len(calls) == 1


def test_the_cache_of_profiles_is_bounded() -> None:
    for number in range(200):
        assert not is_srgb(b"profile %d" % number)
    assert len(icc._KNOWN) <= 64
