"""Addresses of the site. Every address can be kept: it carries its filters, and a date of knowledge where one is set."""

from django.contrib.auth import views as auth
from django.urls import path
from django.utils.translation import gettext_lazy as _

from clearland.web.views import (
    account,
    bring,
    cited,
    conflicts,
    counting,
    data,
    disagreements,
    efficiency,
    exports,
    figures,
    findings,
    hazard_ground,
    land,
    line_ground,
    map_page,
    minefields,
    names,
    overview,
    published,
    record,
    records,
    reports,
    review,
    source,
    sources,
    take,
    timeline,
)
from clearland.web.views import search as search_page

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("map/", map_page.map_page, name="map"),
    path("map/table/", map_page.table, name="map_table"),
    path("map/line.json", line_ground.of_line, name="line_ground"),
    path("map/published.json", published.shapes, name="published"),
    path("map/published/<str:code>/", published.of_place, name="published_place"),
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", map_page.tile, name="tile"),
    path("data/", data.kinds, name="data"),
    path("data/conformity/", data.conformity_page, name="conformity"),
    path("records/", records.first_kind, name="records"),
    path("records/<slug:kind>/", records.listing, name="record_list"),
    path("records/<slug:kind>/export.<slug:form>", exports.export, name="record_export"),
    path("record/<uuid:record_id>/", record.detail, name="record"),
    path("record/<uuid:record_id>/ground/", hazard_ground.ground_of, name="hazard_ground"),
    path("exchange/bring/", bring.page, name="bring"),
    path("exchange/take/", take.page, name="take"),
    path("exchange/take/file", take.export, name="take_export"),
    path("exchange/take/form/<slug:kind>.xlsx", take.form, name="take_form"),
    path("exchange/conflicts/", conflicts.listing, name="conflicts"),
    path("exchange/conflicts/<uuid:record_id>/", conflicts.detail, name="conflict"),
    path("exchange/conflicts/<uuid:record_id>/decide", conflicts.decide, name="conflict_decide"),
    path("sums/", counting.progress, name="sums"),
    path("land/", land.land, name="land"),
    path("land/efficiency/", efficiency.page, name="efficiency"),
    path("minefields/", minefields.listing, name="minefields"),
    path("minefields/<uuid:record_id>/", minefields.detail, name="minefield"),
    path("findings/", findings.listing, name="findings"),
    path("figures/", figures.listing, name="figures"),
    path("figure/<str:code>/", figures.detail, name="figure"),
    path("sources/", sources.listing, name="sources"),
    path("source/<str:sha>/", source.reader, name="source"),
    path("source/<str:sha>/file", source.download, name="source_file"),
    path("source/<str:sha>/review/", review.page, name="review"),
    path("source/<str:sha>/review/form", review.form, name="review_form"),
    path("source/<str:sha>/review/decide", review.decide, name="review_decide"),
    path("claim/<str:ref>/", source.claim, name="claim"),
    path("disagreements/", disagreements.listing, name="disagreements"),
    path("cited/", cited.listing, name="cited"),
    path("cited/decide", cited.decide, name="cited_decide"),
    path("names/", names.listing, name="names"),
    path("names/decide", names.decide, name="names_decide"),
    path("timeline/", timeline.listing, name="timeline"),
    path("reports/", reports.listing, name="reports"),
    path("reports/<slug:name>/download", reports.download, name="report_download"),
    path("search/", search_page.search, name="search"),
    path("login/", account.Login.as_view(), name="login"),
    path("login/demonstration", account.open_demonstration, name="open_demonstration"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path(
        "password/",
        auth.PasswordChangeView.as_view(
            template_name="clearland/password.html", success_url="/", extra_context={"title": _("Change password")}
        ),
        name="password_change",
    ),
    path("language/", account.choose_language, name="set_language"),
]

handler400 = "clearland.web.views.errors.bad_request"
handler403 = "clearland.web.views.errors.forbidden"
handler404 = "clearland.web.views.errors.not_found"
handler500 = "clearland.web.views.errors.broken"
