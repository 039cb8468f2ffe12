"""The REST API's frame: router, paging, errors, keys."""
