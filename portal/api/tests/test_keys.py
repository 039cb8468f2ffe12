"""Getting in: keys, sessions, scopes, roles."""

from __future__ import annotations

import time

import time_machine
from django.core.cache import cache
from rest_framework.test import APIClient

from portal.companies.models import ApiKey
from portal.companies.services import revoke_api_key

PARTNERS = "/api/v1/partners/"


def test_without_a_key_the_answer_is_401_and_says_how_to_get_one(db):
    answer = APIClient().get(PARTNERS)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert "Settings › API keys" in answer.json()["detail"]
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_key_reads_what_its_scope_names(api, kingsway, partnership):
    rows = api(kingsway, "partners:read").get(PARTNERS).json()["results"]
    assert [row["partner"]["name"] for row in rows] == ["Acme Outdoor"]
    assert rows[0]["we_supply"] is True


def test_a_key_without_the_scope_is_refused_with_its_name(api, kingsway):
    answer = api(kingsway, "orders:read").get(PARTNERS)
    assert answer.status_code == 403
    assert "partners:read" in answer.json()["detail"]


def test_a_write_scope_reads_too(api, kingsway):
    assert api(kingsway, "partners:write").get(PARTNERS).status_code == 200


def test_an_unknown_key_is_refused(db):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer tl_nonsense")
    assert client.get(PARTNERS).status_code == 401


def test_a_header_in_pieces_or_in_odd_letters_is_refused_not_broken(db):
    for header in ("Bearer", "Bearer a b", "Bearer \xff\xfe", "Bearer " + "x" * 9000):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=header)
        assert client.get(PARTNERS).status_code == 401


def test_a_revoked_key_is_refused_at_once(api, kingsway):
    client = api(kingsway, "partners:read")
    revoke_api_key(ApiKey.objects.get(), by=None)
    answer = client.get(PARTNERS)
    assert answer.status_code == 401
    assert "revoked" in answer.json()["detail"]


def test_a_strangers_key_sees_nothing_of_others(api, stranger, partnership):
    client = api(stranger, "partners:read")
    assert client.get(PARTNERS).json()["results"] == []
    assert client.get(f"{PARTNERS}{partnership.pk}/").status_code == 404


def test_a_session_of_the_same_browser_does_not_widen_a_key(login, api, kingsway, stranger, partnership):
    client = api(stranger, "partners:read")
    client.cookies = login(kingsway).cookies
    assert client.get(PARTNERS).json()["results"] == []


def test_last_used_is_noted_but_not_on_each_call(api, kingsway, django_assert_num_queries):
    client = api(kingsway, "partners:read")
    with time_machine.travel("2026-11-21 10:00:00+00:00", tick=False):
        client.get(PARTNERS)
        noted = ApiKey.objects.get().last_used_at
    with time_machine.travel("2026-11-21 10:01:00+00:00", tick=False), django_assert_num_queries(2):
        client.get(PARTNERS)
    assert ApiKey.objects.get().last_used_at == noted


def test_a_person_reads_with_their_session(login, kingsway, partnership):
    assert login(kingsway, "viewer").get(PARTNERS).status_code == 200


def test_a_person_without_company_is_told_so(client, django_user_model):
    client.force_login(
        django_user_model.objects.create_user("new@example.com"), backend="portal.companies.backends.PersonBackend"
    )
    answer = client.get(PARTNERS)
    assert answer.status_code == 403
    assert "Create one" in answer.json()["detail"]


def test_too_many_calls_are_told_when_to_go_on(api, kingsway, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"key": "2/min"}}
    client = api(kingsway, "partners:read")
    answers = [client.get(PARTNERS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_calls_are_allowed_again_in_the_next_window(api, kingsway, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"key": "2/min"}}
    client = api(kingsway, "partners:read")
    with time_machine.travel("2026-11-21 10:00:30+00:00", tick=False):
        answers = [client.get(PARTNERS) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2]["Retry-After"] == "30"
    with time_machine.travel("2026-11-21 10:01:00+00:00", tick=False):
        assert client.get(PARTNERS).status_code == 200


def test_calls_that_other_processes_answered_count_too(api, kingsway, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"key": "120/min"}}
    client = api(kingsway, "partners:read")
    with time_machine.travel("2026-11-21 10:00:30+00:00", tick=False):
        assert [client.get(PARTNERS).status_code for _ in range(4)] == [200] * 4
        window = f"throttle_key_key-{ApiKey.objects.get().pk}_{int(time.time() // 60)}"
        cache.incr(window, 115)
        assert {client.get(PARTNERS).status_code for _ in range(4)} == {200, 429}


def test_what_nobody_can_do_is_called_so_instead_of_blaming_the_key(api, kingsway):
    answer = api(kingsway, "partners:read").delete(PARTNERS)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
