"""Tests of people, companies and who may see what."""
