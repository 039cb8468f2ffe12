"""Files for programs: upload, match columns, dry run, apply, stop, undo. A file is looked at before anything is written, by machine as by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.audit import record_of
from catalog.files import services
from catalog.files.encoding import ENCODINGS
from catalog.files.ledger import KEPT
from catalog.files.output import refused_lines
from catalog.files.refused import Said, issues_of, warnings_of
from catalog.files.services import Upload
from catalog.files.tables import MOST_BYTES
from catalog.models import ImportFile, ImportIssue, ImportKind, PriceList
from portal.companies.api_rows import ScopedViewSet
from portal.lib.errors import DomainError
from portal.ui.lists.export import ANSWERS

PAGE = 1_000


class KeptSerializer(serializers.Serializer):
    """A record that an undo left as it is, wholly or in part: its SKU, and each field as the file left it and as it is now."""

    sku = serializers.CharField()
    changes = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))


class ImportSerializer(serializers.ModelSerializer):
    """A file and how far it is. ``position`` of ``rows`` are through the present phase; ``counts`` has create, update, unchanged, refused, warnings, and
    after an undo back and left; ``kept`` names the first 50 that an undo left."""

    price_list_id = serializers.IntegerField(read_only=True, allow_null=True)
    headers = serializers.ListField(child=serializers.CharField(), read_only=True)
    columns = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    notes = serializers.ListField(child=serializers.CharField(), read_only=True)
    kept = serializers.SerializerMethodField()

    class Meta:
        model = ImportFile
        fields = (
            "id",
            "kind",
            "price_list_id",
            "name",
            "size",
            "state",
            "failure",
            "encoding",
            "delimiter",
            "decimal",
            "sheet",
            "headers",
            "columns",
            "notes",
            "rows",
            "position",
            "counts",
            "kept",
            "uploaded_at",
            "changed_at",
            "finished_at",
        )
        read_only_fields = fields

    @extend_schema_field(KeptSerializer(many=True))
    def get_kept(self, file: ImportFile) -> list[dict[str, object]]:
        return [{"sku": one["sku"], "changes": one["changes"]} for one in file.sample if one["verdict"] == KEPT]


class IssueSerializer(serializers.ModelSerializer):
    """What is wrong in a row of the file, and what to do. ``line`` counts from 1, the head included."""

    class Meta:
        model = ImportIssue
        fields = ("line", "column", "value", "wrong", "todo")
        read_only_fields = fields


class UploadSerializer(serializers.Serializer):
    """A CSV or XLSX file of at most 20 MB."""

    file = serializers.FileField()
    kind = serializers.ChoiceField(choices=((ImportKind.PRODUCTS, "Products"), (ImportKind.STOCK, "Stock")))


class PriceUploadSerializer(serializers.Serializer):
    """A CSV or XLSX file with prices for one of your lists."""

    file = serializers.FileField()
    price_list_id = serializers.IntegerField(min_value=1, max_value=2**62)


class ColumnsSerializer(serializers.Serializer):
    """Which field is read from which column (from 0), and the decimal mark."""

    columns = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=1000))
    decimal = serializers.ChoiceField(choices=((".", "point"), (",", "comma")), required=False)


class ReadSerializer(serializers.Serializer):
    """How to read a CSV (``encoding``, ``delimiter``) or which ``sheet`` of a workbook; what is left out is guessed."""

    encoding = serializers.ChoiceField(choices=sorted(ENCODINGS.items()), required=False)
    delimiter = serializers.CharField(max_length=1, trim_whitespace=False, required=False)
    sheet = serializers.CharField(max_length=100, required=False)


class _FileViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """What both kinds of viewset share."""

    serializer_class = ImportSerializer
    queryset = ImportFile.objects.none()
    filterset_fields = ("state", "kind")
    parser_classes = (MultiPartParser, JSONParser)
    kinds: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> QuerySet[ImportFile]:
        return self.request.scope.rows(ImportFile).filter(kind__in=self.kinds).select_related("company", "price_list")

    @extend_schema(request=ColumnsSerializer, responses=ImportSerializer)
    @action(detail=True, methods=("post",))
    def columns(self, request: Request, pk: str | None = None) -> Response:
        """Say which column is which field. It is remembered for the next file with these headers."""
        file = self.get_object()
        asked = ColumnsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.set_columns(file, asked.validated_data["columns"], decimal=asked.validated_data.get("decimal", ""))
        return self._shown(file)

    @extend_schema(request=ReadSerializer, responses=ImportSerializer)
    @action(detail=True, methods=("post",))
    def read(self, request: Request, pk: str | None = None) -> Response:
        """Read the file another way, where its letters, cells or sheet were guessed wrong. Its columns are matched anew."""
        file = self.get_object()
        asked = ReadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.read_again(file, **asked.validated_data)
        return self._shown(file)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, filters=False)
    @action(detail=True, methods=("get",), filterset_fields=())
    def refused(self, request: Request, pk: str | None = None) -> HttpResponseBase:
        """The refused rows as a CSV file, each with what is wrong and what to do: mend them and upload that file."""
        return ANSWERS["csv"]("refused-rows", refused_lines(self.get_object()))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=("post",))
    def check(self, request: Request, pk: str | None = None) -> Response:
        """Dry run: every row is read and compared, nothing is written. Ask for the file until its state is "checked"."""
        file = self.get_object()
        services.check(file)
        return self._shown(file)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=("post",))
    def apply(self, request: Request, pk: str | None = None) -> Response:
        """Apply a checked file; refused rows are left out. Twice is once."""
        file = self.get_object()
        services.apply(file)
        self._note(file, "import.applied", f"Applied the file “{file.name}” ({file.get_kind_display().lower()}).")
        return self._shown(file)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=("post",))
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Stop where it is. What was applied stays."""
        file = self.get_object()
        services.cancel(file)
        self._note(file, "import.stopped", f"Stopped the file “{file.name}”.")
        return self._shown(file)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=("post",))
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Put back what the file changed, except what was changed since. What it added goes out of trade. Twice is once."""
        file = self.get_object()
        services.undo(file)
        self._note(file, "import.undone", f"Undid the file “{file.name}”.")
        return self._shown(file)

    @extend_schema(responses=IssueSerializer(many=True), filters=False)
    @action(detail=True, methods=("get",), filterset_fields=())
    def issues(self, request: Request, pk: str | None = None) -> Response:
        """What is wrong in the refused rows: those of a thousand faults and the rest of the last row. ``?after=`` is the line to go on from."""
        return self._said(issues_of)

    def _said(self, found_in: Callable[..., Iterator[Said]]) -> Response:
        after = self.request.query_params.get("after", "")
        found = found_in(self.get_object(), after=int(after) if after.isdigit() and len(after) < 10 else 0)
        some = list(islice(found, PAGE))
        some += takewhile(lambda one: one.line == some[-1].line, found)
        return Response([one._asdict() for one in some])

    def _receive(self, kind: str, price_list: PriceList | None = None) -> Response:
        upload = self.request.FILES.get("file")
        if upload is None or upload.size > MOST_BYTES:
            raise DomainError(
                f"Send one file of at most {MOST_BYTES // 1_000_000} MB in the field “file”.", field="file"
            )
        scope = self.request.scope
        one = Upload(upload.name or "", upload.read())
        file = services.receive(scope.company, one, kind=kind, price_list=price_list, by=scope.user)
        return Response(ImportSerializer(file).data, status=status.HTTP_201_CREATED)

    def _note(self, file: ImportFile, action: str, sentence: str) -> None:
        record_of(self.request.scope, action, target=file, sentence=sentence)

    def _shown(self, file: ImportFile) -> Response:
        file.refresh_from_db()
        return Response(ImportSerializer(file).data)


class ImportViewSet(_FileViewSet):
    """Product and stock files."""

    scope_area = "products"
    kinds = (ImportKind.PRODUCTS, ImportKind.STOCK)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ImportSerializer})
    def create(self, request: Request) -> Response:
        """Upload a file. Its columns are guessed; nothing is imported yet."""
        asked = UploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._receive(asked.validated_data["kind"])

    @extend_schema(responses=IssueSerializer(many=True), filters=False)
    @action(detail=True, methods=("get",), filterset_fields=())
    def warnings(self, request: Request, pk: str | None = None) -> Response:
        """What is odd in rows that are imported all the same, such as a barcode of a wrong length: the first ten thousand, in pages like ``issues``."""
        return self._said(warnings_of)


class PriceImportViewSet(_FileViewSet):
    """Price files, each for one list."""

    scope_area = "prices"
    kinds = (ImportKind.PRICES,)

    @extend_schema(request={"multipart/form-data": PriceUploadSerializer}, responses={201: ImportSerializer})
    def create(self, request: Request) -> Response:
        """Upload a file of prices. Its columns are guessed; nothing is imported yet."""
        asked = PriceUploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        price_list = request.scope.rows(PriceList).filter(pk=asked.validated_data["price_list_id"]).first()
        return self._receive(ImportKind.PRICES, price_list)
