"""Imports: the list of files, uploading one, matching its columns, checking, applying, stopping, undoing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from catalog.files import services
from catalog.files.kinds import KINDS, FileKind
from catalog.files.services import Upload
from catalog.files.tables import MOST_BYTES
from catalog.models import ImportFile, ImportKind, ImportState, PriceList
from catalog.models.files import MOVING
from catalog.views.files_shown import STATES, page_context, result_words
from portal.companies.audit import record
from portal.companies.guard import GuardedView, requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError
from portal.ui.lists import ChoiceFilter, Column, Empty, ListView, Tab
from portal.ui.navigation import place

WAITING = (ImportState.RECEIVED, ImportState.CHECKED, ImportState.FAILED)


class ImportsView(ListView):
    """Every file of the company, newest first."""

    name = "imports"
    title = "Imports"
    model = ImportFile
    template = "catalog/files/list.html"
    help_slug = "files"
    place = "products"
    order = "-uploaded_at"
    search = ("name__icontains",)
    search_hint = "File name"
    tabs = (
        Tab("all", "All"),
        Tab("wait", "Waiting for you", Q(state__in=WAITING), tone="warn"),
        Tab("moving", "At work", Q(state__in=MOVING)),
    )
    filters = (
        ChoiceFilter("kind", "Kind", ImportKind.choices),
        ChoiceFilter("state", "State", ImportState.choices),
    )
    columns = (
        Column("name", "File", link=True, place="1l"),
        Column("kind", "Kind", value="get_kind_display", place="2l"),
        Column("state", "State", kind="state", looks=STATES, place="1r"),
        Column("result", "Result", value=result_words, place="3l"),
        Column("refused", "Refused", kind="number"),
        Column("by", "By", value="uploaded_by", hide="md"),
        Column("uploaded_at", "Uploaded", kind="time", sort="uploaded_at", newest_first=True, place="3r"),
    )
    empty = Empty(
        "file-up",
        "No file imported yet",
        "Products, stock and prices can come from CSV and Excel files. Nothing is changed before you have seen what would change.",
        "import-products",
        "Import products",
    )

    def rows(self) -> QuerySet[ImportFile]:
        return self.request.scope.rows(ImportFile).select_related("uploaded_by")


@requires(Can.PRODUCTS)
def import_products(request: HttpRequest) -> HttpResponse:
    """Upload a product file."""
    return _upload(request, KINDS[ImportKind.PRODUCTS])


@requires(Can.PRODUCTS)
def import_stock(request: HttpRequest) -> HttpResponse:
    """Upload a stock file."""
    return _upload(request, KINDS[ImportKind.STOCK])


@requires(Can.PRICES)
def import_prices(request: HttpRequest) -> HttpResponse:
    """Upload a price file for one of the company's lists."""
    return _upload(request, KINDS[ImportKind.PRICES])


@requires(Can.VIEW)
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A file as it stands; the fragment that is asked for while it is at work is the same page's middle."""
    file = get_object_or_404(request.scope.rows(ImportFile).select_related("price_list", "uploaded_by"), pk=pk)
    context = page_context(request, file)
    _stand(request, file.kind)
    is_fragment = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "import"
    return render(request, "catalog/files/body.html" if is_fragment else "catalog/files/page.html", context)


def _stand(request: HttpRequest, kind: str) -> None:
    """Mark where the navigation leads to what a file of ``kind`` changes."""
    place(request, "prices" if kind == ImportKind.PRICES else "products")


def _upload(request: HttpRequest, kind: FileKind) -> HttpResponse:
    error = ""
    lists = list(request.scope.rows(PriceList)) if kind.key == ImportKind.PRICES else []
    asked = request.POST.get("list") or request.GET.get("list", "")
    chosen = next((one for one in lists if str(one.pk) == asked), lists[0] if lists else None)
    if request.method == "POST":
        try:
            file = _receive(request, kind, chosen)
        except DomainError as problem:
            error = problem.sentence
        else:
            return redirect("import", file.pk)
    _stand(request, kind.key)
    context = {
        "kind": kind,
        "title": f"Import {kind.title.lower()}",
        "lists": lists,
        "chosen": chosen,
        "error": error,
        "most": MOST_BYTES // 1_000_000,
        "help_slug": "files",
    }
    return render(request, "catalog/files/new.html", context, status=400 if error else 200)


def _receive(request: HttpRequest, kind: FileKind, price_list: PriceList | None) -> ImportFile:
    upload = request.FILES.get("file")
    if upload is None:
        raise DomainError("Choose a file first.", field="file")
    if (size := upload.size or 0) > MOST_BYTES:
        raise DomainError(f"This file has {size // 1_000_000} MB; {MOST_BYTES // 1_000_000} MB are the most. Split it.")
    return services.receive(
        request.scope.company,
        Upload(upload.name or "", upload.read()),
        kind=kind.key,
        price_list=price_list,
        by=request.user,
    )


def _of_kind(view: Callable[[HttpRequest, ImportFile], None]) -> GuardedView:
    """A change of a file: POST only, by whoever may import its kind; what a rule refuses comes back as a message."""

    @requires(Can.VIEW)
    @require_POST
    @wraps(view)
    def changed(request: HttpRequest, pk: int) -> HttpResponse:
        file = get_object_or_404(
            request.scope.rows(ImportFile).select_related("company", "price_list", "uploaded_by"), pk=pk
        )
        permission = KINDS[file.kind].permission
        if not request.scope.can(permission):
            raise PermissionDenied(
                f"Your role may not {permission.label}. Ask an owner or admin of {request.scope.company}."
            )
        try:
            view(request, file)
        except DomainError as problem:
            messages.error(request, problem.sentence)
        return redirect("import", file.pk)

    return changed


@_of_kind
def import_columns(request: HttpRequest, file: ImportFile) -> None:
    """Take the matched columns and check the file; or read it another way first."""
    if request.POST.get("action") == "read":
        given = {name: request.POST.get(name, "") for name in ("encoding", "delimiter", "sheet")}
        services.read_again(file, **{**given, "delimiter": "\t" if given["delimiter"] == "tab" else given["delimiter"]})
        return
    services.set_columns(file, _chosen(request, file), decimal=request.POST.get("decimal", ""))
    services.check(file)


@_of_kind
def import_check(request: HttpRequest, file: ImportFile) -> None:
    """Check the file again, against today's catalogue."""
    services.check(file)


@_of_kind
def import_back(request: HttpRequest, file: ImportFile) -> None:
    """Back to its columns."""
    services.reopen(file)


@_of_kind
def import_apply(request: HttpRequest, file: ImportFile) -> None:
    """Apply what the check showed."""
    services.apply(file)
    _note(request, file, "import.applied", f"Applied the file “{file.name}” ({file.get_kind_display().lower()}).")


@_of_kind
def import_cancel(request: HttpRequest, file: ImportFile) -> None:
    """Stop the file where it is."""
    services.cancel(file)
    _note(request, file, "import.stopped", f"Stopped the file “{file.name}”.")


@_of_kind
def import_undo(request: HttpRequest, file: ImportFile) -> None:
    """Put back what the file changed."""
    services.undo(file)
    _note(request, file, "import.undone", f"Undid the file “{file.name}”.")


def _note(request: HttpRequest, file: ImportFile, action: str, sentence: str) -> None:
    record(request.scope.company, action, target=file, sentence=sentence, user=request.user)


def _chosen(request: HttpRequest, file: ImportFile) -> dict[str, int]:
    """Field → column from the selects, one a column of the file. Raises DomainError for a field chosen twice."""
    found: dict[str, int] = {}
    for at, header in enumerate(file.headers):
        key = request.POST.get(f"column-{at}", "")
        if key and key in found:
            label = KINDS[file.kind].field(key).label
            raise DomainError(
                f"“{file.headers[found[key]]}” and “{header}” are both matched to {label}. Choose one of them.",
                field="columns",
            )
        if key:
            found[key] = at
    return found
