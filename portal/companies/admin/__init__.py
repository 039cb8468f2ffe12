"""The admin of people, companies and what other packages keep of them."""

from portal.companies.admin import companies, people, third_party

__all__ = ["companies", "people", "third_party"]
