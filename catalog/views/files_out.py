"""Downloads: templates, exports, the original of an import, its refused rows and the odd ones."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from catalog.files import output
from catalog.files.kinds import KINDS
from catalog.models import ImportContent, ImportFile, ImportKind, PriceList
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.ui.lists.export import ANSWERS


@requires(Can.VIEW)
def file_template(request: HttpRequest, kind: str, form: str) -> HttpResponseBase:
    """A file with the right head and two example rows."""
    if kind not in KINDS or form not in ANSWERS:
        raise Http404
    return ANSWERS[form](f"{kind}-template", output.template_lines(KINDS[kind]))


@requires(Can.VIEW)
def file_export(request: HttpRequest, kind: str, form: str) -> HttpResponseBase:
    """All goods of the company in the columns of the template; prices of the list ``?list=``, else of the default one."""
    if kind not in KINDS or form not in ANSWERS:
        raise Http404
    price_list = _list(request) if kind == ImportKind.PRICES else None
    return ANSWERS[form](kind, output.export_lines(request.scope.company, KINDS[kind], price_list=price_list))


@requires(Can.VIEW)
def import_original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was uploaded, byte for byte, never shown by the browser as a page."""
    file = get_object_or_404(request.scope.rows(ImportFile), pk=pk)
    content = bytes(get_object_or_404(ImportContent, file=file).content)
    answer = HttpResponse(content, content_type="application/octet-stream")
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "._- ") else "_" for one in file.name)
    answer["Content-Disposition"] = f'attachment; filename="{plain}"'
    return answer


@requires(Can.VIEW)
def import_refused(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The refused rows with what is wrong in each."""
    file = get_object_or_404(request.scope.rows(ImportFile), pk=pk)
    if form not in ANSWERS:
        raise Http404
    return ANSWERS[form]("refused-rows", output.refused_lines(file))


@requires(Can.VIEW)
def import_odd(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The rows that are taken although something in them is odd, with what it is."""
    file = get_object_or_404(request.scope.rows(ImportFile), pk=pk)
    if form not in ANSWERS:
        raise Http404
    return ANSWERS[form]("rows-to-look-at", output.odd_lines(file))


def _list(request: HttpRequest) -> PriceList:
    lists = request.scope.rows(PriceList)
    asked = request.GET.get("list", "")
    found = lists.filter(pk=asked).first() if asked.isdigit() else lists.first()
    if found is None:
        raise Http404
    return found
