"""Which segment holds a place of the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from auditor.types import Segment


def segment_at(segments: Sequence[Segment], offset: int) -> Segment | None:
    """The segment that holds a code point; None between segments. The segments are in order of place."""
    place = bisect_right(segments, offset, key=lambda segment: segment.span.start) - 1
    return segments[place] if place >= 0 and offset < segments[place].span.end else None
