"""Runs the machine: receives, stores, processes, answers."""
