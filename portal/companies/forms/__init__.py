"""Forms of people and companies; allauth is told of its own by this path."""

from portal.companies.forms.company import CompanyAddressForm, CompanyForm, NewCompanyForm
from portal.companies.forms.partners import InvitePartnerForm, ReasonForm, TermsForm
from portal.companies.forms.passwords import AddEmailForm, ChangePasswordForm, ResetPasswordKeyForm
from portal.companies.forms.people import ApiKeyForm, InvitePersonForm, RoleForm
from portal.companies.forms.sign_up import SignupForm

__all__ = [
    "AddEmailForm",
    "ApiKeyForm",
    "ChangePasswordForm",
    "CompanyAddressForm",
    "CompanyForm",
    "InvitePartnerForm",
    "InvitePersonForm",
    "NewCompanyForm",
    "ReasonForm",
    "ResetPasswordKeyForm",
    "RoleForm",
    "SignupForm",
    "TermsForm",
]
