"""Tests of the whole portal: strangers, imports, the cast."""
