"""Meanings that several sources share: kinds of values, intervals, positions, refusals."""
