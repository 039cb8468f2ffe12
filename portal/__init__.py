"""The Django project: the bottom layer (lib, companies) and the shell (web, api) of Tradelane."""
