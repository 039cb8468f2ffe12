"""Starting everything on one machine: environment, processes, supervisor and the sandbox's stock."""
