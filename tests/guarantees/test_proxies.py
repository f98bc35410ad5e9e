"""T24: Whoever asks says nothing about where they come from, by which name or how: the connection does, and the proxies
that the settings name.
"""

import pytest
from django.test import RequestFactory

from partnership.throttling import address_of
from tests.guarantees.figures import record

REAL, PROXY = "198.51.100.7", "203.0.113.200"
FORGED = {
    "X-Forwarded-For": "192.0.2.66",
    "Forwarded": "for=192.0.2.66;host=elsewhere.example;proto=https",
    "X-Real-IP": "192.0.2.66",
    "X-Client-IP": "192.0.2.66",
    "X-Cluster-Client-IP": "192.0.2.66",
    "True-Client-IP": "192.0.2.66",
    "CF-Connecting-IP": "192.0.2.66",
    "Via": "1.1 192.0.2.66",
    "X-Forwarded-Host": "elsewhere.example",
    "X-Forwarded-Port": "8443",
    "X-Forwarded-Server": "elsewhere.example",
    "X-Forwarded-Prefix": "/elsewhere",
    "X-Original-URL": "/elsewhere/",
    "X-Rewrite-URL": "/elsewhere/",
    "X-HTTP-Method-Override": "DELETE",
}


def asked(headers, came_from=REAL):
    return RequestFactory(REMOTE_ADDR=came_from).get("/", headers=headers)


@pytest.mark.parametrize("header", FORGED)
def test_without_a_proxy_nothing_that_is_sent_is_an_address(settings, header):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert address_of(asked({header: FORGED[header]})) == REAL


@pytest.mark.parametrize(("proxies", "told"), [(1, f"192.0.2.66, {REAL}"), (2, f"192.0.2.66, {REAL}, {PROXY}")])
def test_behind_proxies_what_the_outermost_of_ours_saw_is_the_address(settings, proxies, told):
    """What stands before it in the list is what somebody sent."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert address_of(asked(FORGED | {"X-Forwarded-For": told}, came_from=PROXY)) == REAL
    assert address_of(asked(FORGED | {"X-Forwarded-For": f"{'192.0.2.1, ' * 50}{told}"}, came_from=PROXY)) == REAL


def test_control_where_too_many_proxies_are_trusted_the_forged_address_counts(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert address_of(asked({"X-Forwarded-For": f"192.0.2.66, {REAL}"}, came_from=PROXY)) == "192.0.2.66"


def test_no_header_changes_host_port_scheme_path_or_method():
    request = asked(FORGED)
    assert (request.get_host(), request.get_port(), request.scheme, request.path, request.method) == (
        "testserver",
        "80",
        "http",
        "/",
        "GET",
    )
    record("T24", "{headers} headers of proxies that nobody can forge", headers=len(FORGED))


def test_only_the_header_that_the_proxy_must_set_says_that_it_is_https(settings):
    """Production's one exception: the host's duty is to set it on each request, whatever was sent."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert not asked({**FORGED, "X-Forwarded-Ssl": "on", "X-Url-Scheme": "https", "Front-End-Https": "on"}).is_secure()
    assert asked({"X-Forwarded-Proto": "https"}).is_secure()
