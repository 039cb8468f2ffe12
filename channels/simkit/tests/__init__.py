"""Tests of the simulators' shared parts."""
