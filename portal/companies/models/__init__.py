"""People, companies and what ties them together."""

from portal.companies.models.access import ApiKey, Invitation, Membership
from portal.companies.models.audit import AuditEvent
from portal.companies.models.company import Company, CompanyKind, Installation
from portal.companies.models.feedback import Feedback
from portal.companies.models.partnership import Partnership, PartnershipState
from portal.companies.models.sign_up import SignUp
from portal.companies.models.user import User
from portal.companies.models.view import SavedView
from portal.companies.permissions import Role

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Company",
    "CompanyKind",
    "Feedback",
    "Installation",
    "Invitation",
    "Membership",
    "Partnership",
    "PartnershipState",
    "Role",
    "SavedView",
    "SignUp",
    "User",
]
