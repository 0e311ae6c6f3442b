"""How probable the copy is: scorers, their models, batching, cache, calibration; one file an engine."""
