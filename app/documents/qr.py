"""QR codes as rows of squares, for a page or a paper to draw. It knows nothing of what they say."""

from __future__ import annotations

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET = 4
"""Squares left white on every side. **Source:** ISO/IEC 18004 §6.3.8, the quiet zone."""


def qr_path(text: str) -> tuple[str, int]:
    """Return the dark squares of a QR code as an SVG path of unit squares, and how many are on a side.

    The quiet zone is counted in.

    Args:
        text: at most about 2,000 letters; an address has a hundred.
    """
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    side = code.getModuleCount()
    squares = (
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row in range(side)
        for column in range(side)
        if code.isDark(row, column)
    )
    return "".join(squares), side + 2 * QUIET
