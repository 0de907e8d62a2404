"""The names of what a TIFF may hold, for messages."""

from __future__ import annotations

COMPRESSIONS = {
    6: "old-style JPEG",
    9: "JBIG",
    10: "JBIG",
    32766: "NeXT",
    32771: "word-aligned facsimile",
    32809: "ThunderScan",
    32895: "IT8",
    32896: "IT8",
    32897: "IT8",
    32898: "IT8",
    32908: "Pixar",
    32909: "Pixar",
    32947: "Kodak DCS",
    33003: "JPEG 2000",
    33004: "JPEG 2000",
    33005: "JPEG 2000",
    34661: "JBIG",
    34676: "SGI LogLuv",
    34677: "SGI LogLuv",
    34712: "JPEG 2000",
    34713: "Nikon NEF",
    34887: "LERC",
    34892: "lossy JPEG (DNG)",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}

PHOTOMETRICS = {
    4: "a transparency mask",
    9: "ICC L*a*b* samples",
    10: "ITU L*a*b* samples",
    32803: "unprocessed camera samples",
    32844: "LogL samples",
    32845: "LogLuv samples",
    34892: "unprocessed camera samples",
}

_COLOURS = {0: "gray", 1: "gray", 2: "RGB", 3: "palette", 5: "CMYK", 6: "YCbCr", 8: "CIELAB"}
_SAMPLE_FORMATS = {1: "", 2: "signed ", 3: "floating-point ", 4: "undefined "}
_EXTRA: dict[tuple[int, ...], str] = {
    (0,): "an extra sample",
    (1,): "premultiplied alpha",
    (2,): "alpha",
}


def describe_samples(
    photometric: int, bits: int, sample_format: int, samples: int, extra: tuple[int, ...]
) -> str:
    """For example "16-bit gray samples and alpha"; 0 stands for samples that differ."""
    colour = _COLOURS[photometric]
    if not bits or not sample_format:
        return f"{colour} samples of different kinds"
    kind = _SAMPLE_FORMATS.get(sample_format, f"format {sample_format} ")
    text = f"{bits}-bit {kind}{colour} samples"
    if extra:
        return f"{text} and {_EXTRA.get(extra, f'{len(extra)} extra samples')}"
    expected = {2: 3, 5: 4, 6: 3, 8: 3}.get(photometric, 1)
    return text if samples == expected else f"{text}, {samples} a pixel"
