"""Small ICC profiles, made of primaries and a curve."""

from __future__ import annotations

import struct


def tag_data(kind: bytes, body: bytes) -> bytes:
    return kind + bytes(4) + body + bytes(-len(body) % 4)


def fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65_536) for value in values))


# The primaries of Display P3 and of sRGB relative to D50, as columns X, Y, Z.
P3_PRIMARIES = {
    b"rXYZ": (0.5151, 0.2412, -0.0011),
    b"gXYZ": (0.2919, 0.6922, 0.0419),
    b"bXYZ": (0.1572, 0.0666, 0.7841),
}
SRGB_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}


def srgb_curve(steps: int) -> list[float]:
    """The light (0..1) of so many levels of sRGB."""
    levels = [index / (steps - 1) for index in range(steps)]
    return [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in levels]


def matrix_profile(
    name: str, primaries: dict[bytes, tuple[float, float, float]], curve: list[float]
) -> bytes:
    """An ICC profile (version 2); `curve` is one exponent, or the light of evenly spaced levels."""
    plain = name.encode()
    ascii_name = struct.pack(">I", len(plain) + 1) + plain + b"\0"
    tags = {
        b"desc": tag_data(b"desc", ascii_name + bytes(8 + 3 + 67)),
        b"cprt": tag_data(b"text", b"CC0\0"),
        b"wtpt": tag_data(b"XYZ ", fixed(0.9642, 1.0, 0.8249)),
    }
    tags |= {key: tag_data(b"XYZ ", fixed(*xyz)) for key, xyz in primaries.items()}
    scale = 256 if len(curve) == 1 else 65_535
    values = [round(value * scale) for value in curve]
    tone = tag_data(b"curv", struct.pack(f">I{len(values)}H", len(values), *values))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), tone)
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for key, data in tags.items():
        table += key + struct.pack(">II", start + len(body), len(data))
        body += data
    header = struct.pack(
        ">I4sI4s4s4s", start + len(body), b"test", 0x02100000, b"mntr", b"RGB ", b"XYZ "
    )
    header += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + table + body
