"""Manifests, for programs: their data, their papers, their parcels."""
