"""Forms of people and companies; allauth is told of the sign-up form by this path."""

from portal.companies.forms.company import CompanyAddressForm, CompanyForm, NewCompanyForm
from portal.companies.forms.partners import InvitePartnerForm, ReasonForm, TermsForm
from portal.companies.forms.people import ApiKeyForm, InvitePersonForm, RoleForm
from portal.companies.forms.sign_up import SignupForm

__all__ = [
    "ApiKeyForm",
    "CompanyAddressForm",
    "CompanyForm",
    "InvitePartnerForm",
    "InvitePersonForm",
    "NewCompanyForm",
    "ReasonForm",
    "RoleForm",
    "SignupForm",
    "TermsForm",
]
