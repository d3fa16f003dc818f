"""The speed harness: mockalog against two baselines, in one run (`python -m benchmarks`)."""
