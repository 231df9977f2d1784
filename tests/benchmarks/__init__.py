"""That the benchmarks still run."""
