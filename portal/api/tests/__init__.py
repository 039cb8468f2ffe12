"""Tests of the frame of the API."""
