"""Each figure of the README comes from here: `python -m benchmarks.<name>`."""
