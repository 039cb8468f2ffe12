"""The catalogue on Home: products that arrive, and how many are offered and sold (the rest is `catalog.home`)."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.models import Listing, ListingState, Product
from channels.models import RunResult, SyncRun
from portal.companies.permissions import Can
from portal.companies.platforms import FILES, NONE
from portal.companies.scope import Scope
from portal.ui import todo
from portal.web.sources.links import counted, to


def register() -> None:
    """Called once when Django starts."""
    todo.steps.register(products_step)
    todo.figures.register(goods_figures)


def products_step(scope: Scope) -> Iterable[todo.Step]:
    """Products arrive: live progress while the first walk runs."""
    if not scope.company.is_supplier:
        return
    there = Product.objects.for_company(scope.company).filter(is_active=True).count()
    run = _running(scope)
    done, total = (int(run.counts.get("read", 0)), run.expected or 0) if run else (0, 0)
    arrived = f"{counted(there, 'product')} {'is' if there == 1 else 'are'} here."
    if not there and scope.company.platform in (FILES, NONE) and scope.can(Can.PRODUCTS):
        yield todo.Step(
            20,
            "Products arrive",
            "Import a CSV or Excel file with your products. You see what would change before anything does.",
            to("import-products"),
            "Import products",
            estimate="about 5 min",
            why="There is a template; your own columns are fine, too.",
        )
        return
    yield todo.Step(
        20,
        "Products arrive",
        f"{done:,} of {total:,} products. You can leave this page." if total else arrived,
        to("products"),
        "See products",
        is_done=there > 0 and run is None,
        why="They come by themselves once a store is connected." if not there else "",
        done=done if total else 0,
        total=total,
    )


def goods_figures(scope: Scope) -> Iterable[todo.Figure]:
    """How much is offered, and how much of it is in the retailer's store."""
    if scope.company.is_supplier:
        there = Product.objects.for_company(scope.company).filter(is_active=True).count()
        listed = Listing.objects.filter(product__company=scope.company).exclude(state=ListingState.STOPPED)
        sold = listed.values("product").distinct().count()
        yield todo.Figure("Active products", f"{there:,}", detail=f"{sold:,} listed by partners", url=to("products"))
    if scope.company.is_retailer:
        own = Listing.objects.for_company(scope.company).exclude(state=ListingState.STOPPED)
        live = own.filter(state=ListingState.PUBLISHED).count()
        yield todo.Figure("In your store", f"{live:,}", detail=f"of {own.count():,} chosen items", url=to("listings"))


def _running(scope: Scope) -> SyncRun | None:
    runs = SyncRun.objects.for_company(scope.company).filter(step="pull_products", result=RunResult.RUNNING)
    return runs.filter(integration__first_products_at=None).first() or runs.filter(expected__gt=0).first()
