"""For mypy only: what our middleware puts on every request, what django-csp reads from an answer, and what some fields of forms have.

Views are guarded, so that there is a person and a ``scope`` wherever they read them. ``form.fields[name]`` is a plain ``Field`` to the stubs, also where the
form itself says that it is one with choices or with rows.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import MDEF, MypyFile, SymbolTableNode, TypeInfo, Var
from mypy.plugin import AttributeContext, ClassDefContext, Plugin
from mypy.types import AnyType, Instance, Type, TypeOfAny, UnionType, get_proper_type

ANY = "typing.Any"
# Class → attribute → its type.
PUT_ON = {
    "django.http.request.HttpRequest": {
        "scope": "portal.companies.scope.Scope",
        "htmx": "django_htmx.middleware.HtmxDetails",
        "place": "builtins.str",
    },
    "rest_framework.request.Request": {"scope": "portal.companies.scope.Scope"},
    "django.http.response.HttpResponseBase": {"_csp_update": "builtins.dict", "_csp_replace": "builtins.dict"},
    "django.forms.fields.Field": {"choices": ANY, "queryset": ANY},
}
USERS = {"django.http.request.HttpRequest.user", "django.core.handlers.wsgi.WSGIRequest.user"}
MODULES = {name.rpartition(".")[0]: attributes for name, attributes in PUT_ON.items()}


class RequestPlugin(Plugin):
    """Adds the attributes of ``PUT_ON`` to their classes."""

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        return [(10, name.rpartition(".")[0], -1) for name in MODULES.get(file.fullname, {}).values() if name != ANY]

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return _person if fullname in USERS else None

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _put_on if fullname in PUT_ON else None


def _put_on(context: ClassDefContext) -> None:
    info = context.cls.info
    for name, type_name in PUT_ON[info.fullname].items():
        var = Var(name, _kind(context, type_name))
        var.info, var._fullname = info, f"{info.fullname}.{name}"
        info.names[name] = SymbolTableNode(MDEF, var, plugin_generated=True)


def _kind(context: ClassDefContext, type_name: str) -> Type:
    """The type of that name; to typeshed ``Any`` is a class of its own, which nothing could be assigned to."""
    found = context.api.lookup_fully_qualified_or_none(type_name)
    if type_name == ANY or found is None or not isinstance(found.node, TypeInfo):
        return AnyType(TypeOfAny.special_form)
    return Instance(found.node, [AnyType(TypeOfAny.special_form)] * len(found.node.type_vars))


def _person(context: AttributeContext) -> Type:
    """A person who is logged in: nobody else gets past the guards, and public pages ask ``is_authenticated`` themselves."""
    user = get_proper_type(context.default_attr_type)
    if isinstance(user, UnionType):
        people = [one for one in user.items if not (isinstance(one, Instance) and one.type.name == "AnonymousUser")]
        return people[0] if len(people) == 1 else user
    return user


def plugin(version: str) -> type[Plugin]:
    return RequestPlugin
