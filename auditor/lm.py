"""The language model of a run with what belongs to it, or why there is none; known by its signature before it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a run that has nothing to score loads none of it
    from auditor.edits.weigh import Scales
    from auditor.fluency.calibration import Calibration
    from auditor.fluency.scorer import Scorer, Store
    from auditor.learned.eye import Eye


@dataclass(frozen=True, slots=True)
class Fluency:
    """The language model of a run, or why there is none (`missing`).

    `known` and `opening` stand for a model that is opened when the first text has to be scored: its signature, and what opens it once.
    """

    scorer: Scorer | None = None
    calibration: Calibration | None = None
    cache: Store | None = None
    missing: str = ""
    eye: Eye | None = None
    """Only with a model that it was trained on; `blind` says why there is none."""
    blind: str = ""
    scales: Scales | None = None
    """Only beside the eye: by what small edits are weighed."""
    known: str = ""
    opening: Callable[[], Fluency] | None = None

    @property
    def is_there(self) -> bool:
        """Whether texts are scored, as far as is known before the model is opened."""
        return self.scorer is not None or self.opening is not None

    @property
    def sees(self) -> bool:
        """Whether the learned eye looks at what is scored."""
        return self.eye is not None or (self.opening is not None and not self.blind)

    @property
    def signature(self) -> str:
        """model@revision with engine and numeric mode, or “none” with the reason."""
        return self.known or (self.scorer.signature if self.scorer else f"none ({self.missing})")

    def opened(self) -> Fluency:
        """With the scorer itself; what cannot be opened comes back as `missing`."""
        return self.opening() if self.opening else self
