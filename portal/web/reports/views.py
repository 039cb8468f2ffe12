"""The Reports page and its files."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.companies.guard import requires
from portal.companies.models import Company
from portal.companies.permissions import Can
from portal.web.reports.files import FORMATS
from portal.web.reports.ledger import Report, report_of
from portal.web.reports.period import Period, Step, read_period

BY = {"integration": "By integration", "partner": "By partner", "period": "By period"}
SIDES = {"supplies": "Supplied", "sells": "Sold"}
# So many rows a page shows; the file holds them all.
MOST_ROWS = 200


@requires(Can.VIEW)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Orders, units, money and punctuality of the present company; ``?format=csv`` or ``xlsx`` sends the table as a file."""
    company = request.scope.company
    sides = _sides(company)
    side, by = request.GET.get("side", ""), request.GET.get("by", "")
    side = side if side in sides else next(iter(sides))
    by = by if by in BY else "integration"
    period = read_period(request.GET)
    report = report_of(company, side=side, by=by, period=period)
    if make := FORMATS.get(request.GET.get("format", "")):
        return make(report, by, period)
    return render(request, "web/reports/page.html", _page(request, report, period, sides=sides, side=side, by=by))


def _sides(company: Company) -> dict[str, str]:
    """Only the sides that the company has."""
    has = {"supplies": company.is_supplier, "sells": company.is_retailer}
    return {side: label for side, label in SIDES.items() if has[side]}


def _page(request: HttpRequest, report: Report, period: Period, *, sides: dict, side: str, by: str) -> dict[str, Any]:
    return {
        "report": report,
        "rows": report.rows[:MOST_ROWS],
        "left_out": max(len(report.rows) - MOST_ROWS, 0),
        "period": period,
        "steps": Step.choices,
        "sides": [(key, label, _address(request, side=key)) for key, label in sides.items()],
        "side": side,
        "by": by,
        "by_tabs": [(key, label, _address(request, by=key)) for key, label in BY.items()],
        "files": {kind: _address(request, format=kind) for kind in FORMATS},
        "finding": _finding(report, period),
        "figures": _figures(report, period),
        "chart": _chart(report, period),
        "is_sandbox": request.scope.company.is_sandbox,
        "zone": timezone.get_current_timezone_name(),
        "help_slug": "reports",
    }


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for key, value in changes.items():
        query[key] = value
    return f"?{query.urlencode()}"


def _finding(report: Report, period: Period) -> str:
    """What the chart shows, in words."""
    sums = [sum(values) for values in zip(*(values for _, values in report.series), strict=True)]
    if not sums:
        return ""
    best = max(range(len(sums)), key=sums.__getitem__)
    return f"{report.orders:,} orders. Highest: {sums[best]:,}, {period.label(report.starts[best])}."


def _figures(report: Report, period: Period) -> list[tuple[str, list[int]]]:
    """The table behind the chart: (label, numbers of each series), without steps in which nothing came."""
    table = zip(report.starts, zip(*(values for _, values in report.series), strict=True), strict=True)
    return [(period.label(start), list(values)) for start, values in table if any(values)] if report.series else []


def _chart(report: Report, period: Period) -> dict[str, Any]:
    series = [{"name": name, "values": values} for name, values in report.series]
    return {"labels": [period.label(start) for start in report.starts], "series": series}
