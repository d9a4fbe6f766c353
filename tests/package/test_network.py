"""How registries are asked: again, elsewhere, with a login, through a proxy."""

import base64
import json
import os
import re
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from registry import Registry

from napi.package import errors
from napi.package.config import DEFAULT_REGISTRY, without_password

CERTIFICATE = Path(__file__).with_name("localhost.pem")
TGZ = "/plain/-/plain-1.0.0.tgz"


@pytest.mark.parametrize("path", ["/plain", TGZ])
@pytest.mark.parametrize(
    "acts", [[500], [503, 429, 502], ["hang up"], ["truncated", 408]], ids=str
)
def test_tries_again(path, acts, registry, add, has):
    registry.publish("plain")
    registry.script[path] = [*acts]
    add("plain")
    assert has() == {"node_modules/plain": "1.0.0"}
    assert registry.paths().count(path) == len(acts) + 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_does_not_try_again_what_cannot_help(status, registry, add):
    registry.publish("plain")
    registry.script["/plain"] = [status] * 5
    with pytest.raises(errors.RegistryError) as info:
        add("plain")
    assert info.value.status == status
    assert registry.paths() == ["/plain"]


def test_the_number_of_tries_is_npms_setting(registry, add, environment):
    environment.setenv("npm_config_fetch_retries", "1")
    registry.script["/plain"] = [500] * 9
    with pytest.raises(errors.RegistryError, match=r"500.*\(2 tries\)") as info:
        add("plain")
    assert info.value.status == 500
    assert registry.paths() == ["/plain"] * 2


def test_bytes_of_a_failed_try_are_not_counted(registry, add, report):
    registry.publish("plain")
    registry.script[TGZ] = ["truncated"]
    add("plain")
    assert report.bytes == len(registry.tarballs[TGZ])


def test_nobody_listens(registry, add, environment):
    environment.setenv("npm_config_registry", "http://localhost:1/")
    with pytest.raises(errors.RegistryError, match="no connection: Connection refused"):
        add("plain")


@pytest.mark.parametrize("path", ["/plain", TGZ])
def test_follows_redirects(path, registry, add, has):
    registry.publish("plain")
    place = "/moved"
    if path == TGZ:
        registry.tarballs[place] = registry.tarballs[TGZ]
    else:
        registry.packuments["moved"] = registry.packuments["plain"]
    registry.script[path] = [f"to {place}"]
    add("plain")
    assert has() == {"node_modules/plain": "1.0.0"}


def test_redirects_in_a_circle_end(registry, add):
    registry.publish("plain")
    registry.script["/plain"] = ["to /plain"] * 100
    with pytest.raises(errors.RegistryError, match="redirects without an end"):
        add("plain")


# === logins ===


def pair(user, password):
    return base64.b64encode(f"{user}:{password}".encode()).decode()


LOGINS = {
    "token": (":_authToken=s3cret", "Bearer s3cret"),
    "token of the environment": (":_authToken=${THE_TOKEN}", "Bearer s3cret"),
    "quoted": (':_authToken = "s3cret"', "Bearer s3cret"),
    "auth": (f":_auth={pair('me', 'pw')}", f"Basic {pair('me', 'pw')}"),
    "user": (
        f":username=me\n{{place}}:_password={base64.b64encode(b'p:w').decode()}",
        f"Basic {pair('me', 'p:w')}",
    ),
}


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("login", LOGINS)
def test_logins(login, slash, registry, add, has, project, environment):
    text, registry.token = LOGINS[login]
    environment.setenv("THE_TOKEN", "s3cret")
    place = f"//localhost:{registry.server_port}{slash}"
    lines = (place + text).replace("{place}", place)
    (project / ".npmrc").write_text(f"; mine\n{lines}\n")
    registry.publish("plain")
    add("plain")
    assert has() == {"node_modules/plain": "1.0.0"}


def test_a_missing_login_says_where_it_goes(registry, add):
    registry.token = "Bearer s3cret"
    registry.publish("plain")
    wanted = rf"401.*//localhost:{registry.server_port}/:_authToken=\.\.\. in \.npmrc"
    with pytest.raises(errors.RegistryError, match=wanted):
        add("plain")


def test_a_login_does_not_go_to_another_host(registry, add, has, project):
    with Registry() as other:
        path = registry.publish("plain")
        other.tarballs["/far.tgz"] = registry.tarballs[path]
        there = other.url.replace("localhost", "127.0.0.1")
        registry.packuments["plain"]["versions"]["1.0.0"]["dist"]["tarball"] = (
            f"{registry.url}/moved"
        )
        registry.token = "Bearer s3cret"
        registry.script["/moved"] = [f"to {there}/far.tgz"]
        (project / ".npmrc").write_text(
            f"//localhost:{registry.server_port}/:_authToken=s3cret\n"
        )
        add("plain")
        assert has() == {"node_modules/plain": "1.0.0"}
        [(_, headers)] = other.asked
        assert "Authorization" not in headers


def test_errors_and_notes_show_no_password(registry, add, project, environment):
    environment.setenv(
        "npm_config_registry", f"http://me:s3cret@localhost:{registry.server_port}/"
    )
    registry.publish("plain")
    registry.script["/plain"] = [500] * 9
    with pytest.raises(errors.RegistryError) as info:
        add("plain")
    assert "s3cret" not in str(info.value)
    assert registry.asked[0][1]["Authorization"] == f"Basic {pair('me', 's3cret')}"
    assert without_password("http://a:b@c/d?e#f") == "http://c/d?e"


# === scopes, mirrors, proxies, certificates ===


def test_a_scope_has_a_registry_of_its_own(registry, add, has, project):
    with Registry() as other:
        other.token = "Bearer s3cret"
        other.publish("@mine/inner", dependencies={"plain": "*"})
        registry.publish("plain")
        registry.publish("@mine/inner", "6.6.6")
        (project / ".npmrc").write_text(
            f"@mine:registry={other.url}\n"
            f"//localhost:{other.server_port}/:_authToken=s3cret\n"
        )
        add("@mine/inner")
        assert has() == {
            "node_modules/@mine/inner": "1.0.0",
            "node_modules/plain": "1.0.0",
        }
        assert "/@mine/inner" not in registry.paths()
        assert all("Authorization" not in headers for _, headers in registry.asked)


def test_a_mirror_serves_the_tarballs_it_names_elsewhere(registry, add, has):
    path = registry.publish("plain")
    dist = registry.packuments["plain"]["versions"]["1.0.0"]["dist"]
    dist["tarball"] = DEFAULT_REGISTRY + path[1:]
    add("plain")
    assert has() == {"node_modules/plain": "1.0.0"}


PROXIES = ["https-proxy", "proxy", "environment"]


@pytest.mark.parametrize("login", [False, True], ids=["open", "with login"])
@pytest.mark.parametrize("kind", PROXIES)
def test_proxies(kind, login, registry, add, has, project, environment):
    registry.publish("plain")
    dist = registry.packuments["plain"]["versions"]["1.0.0"]["dist"]
    dist["tarball"] = f"http://registry.test{TGZ}"
    environment.setenv("npm_config_registry", "http://registry.test/")
    user = ""
    if login:
        registry.proxy_login, user = f"Basic {pair('me', 'p w')}", "me:p%20w@"
    proxy = f"http://{user}localhost:{registry.server_port}"
    if kind == "environment":
        environment.setenv("http_proxy", proxy)
    else:
        (project / ".npmrc").write_text(f"{kind}={proxy}\n")
    add("plain")
    assert has() == {"node_modules/plain": "1.0.0"}
    hosts = {re.match("http://([^/]*)", target)[1] for target, _ in registry.proxied}
    assert hosts == {"registry.test"}
    assert all("Authorization" not in headers for _, headers in registry.proxied)


@pytest.mark.parametrize(
    "without", ["localhost", ".localhost", "*", "a.test,localhost", "localhost:{port}"]
)
@pytest.mark.parametrize("kind", ["noproxy", "no_proxy"])
def test_hosts_without_a_proxy(kind, without, registry, add, project, environment):
    registry.publish("plain")
    without = without.format(port=registry.server_port)
    if kind == "noproxy":
        (project / ".npmrc").write_text(f"noproxy={without}\n")
    else:
        environment.setenv("no_proxy", without)
    environment.setenv("npm_config_proxy", "http://localhost:1")
    add("plain")
    assert not registry.proxied


def test_a_proxy_that_wants_a_login(registry, add, environment):
    registry.proxy_login = f"Basic {pair('me', 'pw')}"
    environment.setenv("npm_config_registry", "http://registry.test/")
    environment.setenv("npm_config_proxy", registry.url)
    with pytest.raises(errors.RegistryError, match="407.*the proxy needs a login"):
        add("plain")


def test_a_proxy_that_is_not_there_is_named(registry, add, environment):
    environment.setenv("npm_config_proxy", "http://me:s3cret@localhost:1")
    with pytest.raises(errors.RegistryError, match="proxy http://localhost:1") as info:
        add("plain")
    assert "s3cret" not in str(info.value)


@pytest.fixture
def secure(environment):
    with Registry(CERTIFICATE) as server:
        server.publish("plain")
        environment.setenv("npm_config_registry", server.url)
        yield server


@pytest.mark.parametrize("login", [False, True], ids=["open", "with login"])
@pytest.mark.parametrize("kind", PROXIES)
def test_https_goes_through_a_tunnel(
    kind, login, registry, secure, add, has, project, environment
):
    user = ""
    if login:
        registry.proxy_login, user = f"Basic {pair('me', 'p w')}", "me:p%20w@"
    secure.token = "Bearer s3cret"
    proxy = f"http://{user}localhost:{registry.server_port}"
    text = (
        f"cafile={CERTIFICATE}\n//localhost:{secure.server_port}/:_authToken=s3cret\n"
    )
    if kind == "environment":
        environment.setenv("https_proxy", proxy)
    else:
        text += f"{kind}={proxy}\n"
    (project / ".npmrc").write_text(text)
    add("plain")
    assert has() == {"node_modules/plain": "1.0.0"}
    targets = {target for target, _ in registry.proxied}
    assert targets == {f"localhost:{secure.server_port}"}
    # The proxy sees who asks it, and nothing of what it carries.
    assert all("Authorization" not in headers for _, headers in registry.proxied)


def test_a_tunnel_that_is_refused_says_so(registry, secure, add, environment):
    registry.proxy_login = "Basic x"
    environment.setenv("npm_config_https_proxy", registry.url)
    with pytest.raises(errors.RegistryError, match=r"407.*login"):
        add("plain")


def test_an_unknown_certificate_is_refused_at_once(secure, add):
    wanted = "certificate is not trusted.*cafile=.*SSL_CERT_FILE"
    with pytest.raises(errors.RegistryError, match=wanted):
        add("plain")
    assert secure.asked == []


@pytest.mark.parametrize("how", ["cafile", "ca", "ca[]", "SSL_CERT_FILE"])
def test_certificates_that_are_trusted(how, secure, has, project, environment):
    text = CERTIFICATE.read_text()
    text = text[text.index("-----BEGIN CERTIFICATE") :]
    values = {"cafile": CERTIFICATE, "ca": json.dumps(text), "ca[]": json.dumps(text)}
    if how == "SSL_CERT_FILE":
        # OpenSSL looks at it once a process.
        environment.setenv("SSL_CERT_FILE", os.fspath(CERTIFICATE))
    else:
        (project / ".npmrc").write_text(f"{how}={values[how]}\n")
    code = "import napi.package, sys; napi.package.add('plain')"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert has() == {"node_modules/plain": "1.0.0"}


def test_strict_ssl_can_be_switched_off_and_is_told(secure, add, has, report, project):
    (project / ".npmrc").write_text("strict-ssl=false\n")
    add("plain")
    assert has() == {"node_modules/plain": "1.0.0"}
    assert any("strict-ssl" in note for note in report.notes)


@pytest.mark.parametrize("value", ["/nowhere.pem", __file__])
def test_a_cafile_that_cannot_be_used_is_named(value, secure, add, environment):
    environment.setenv("npm_config_cafile", value)
    with pytest.raises(errors.ConfigError, match=re.escape(value)):
        add("plain")


# === the cache ===


def test_what_is_cached_needs_no_network(registry, add, has, project, environment):
    registry.publish("plain", dependencies={"other": "^1"})
    registry.publish("other")
    add("plain")
    registry.asked.clear()
    for path in (project / "package-lock.json", project / "package.json"):
        path.unlink()
    (project / "node_modules").rename(project.parent / "old")
    add("plain", offline=True)
    assert set(has()) == {"node_modules/plain", "node_modules/other"}
    assert registry.asked == []


def test_offline_says_what_is_missing(registry, add):
    registry.publish("plain")
    with pytest.raises(errors.OfflineError, match="plain is not in the cache"):
        add("plain", offline=True)
    assert registry.asked == []


def test_a_registry_that_is_away_is_answered_for_by_the_cache(
    registry, add, has, project, report
):
    registry.publish("plain")
    add("plain")
    (project / "package.json").unlink()
    registry.script["*"] = [503] * 50
    (project / "node_modules").rename(project.parent / "old")
    (project / "package-lock.json").unlink()
    (project / "package.json").write_text("{}")
    add("plain")
    assert has() == {"node_modules/plain": "1.0.0"}
    assert any("the cache answers for plain" in note for note in report.notes)


def test_documents_are_asked_for_by_etag(registry, add, project):
    registry.publish("plain")
    add("plain")
    add("plain")
    first, second = (h for path, h in registry.asked if path == "/plain")
    assert "If-None-Match" not in first
    assert "If-None-Match" in second
    assert "install-v1" in first["Accept"]
    assert registry.downloads() == [TGZ]


def test_a_spoilt_tarball_in_the_cache_is_got_again(registry, add, has, project):
    registry.publish("plain")
    add("plain")
    [kept] = [p for p in (project.parent / "cache/content").rglob("*") if p.is_file()]
    kept.write_bytes(b"spoilt")
    (project / "node_modules").rename(project.parent / "old")
    add()
    assert has() == {"node_modules/plain": "1.0.0"}
    assert registry.downloads() == [TGZ] * 2


def test_downloads_run_side_by_side(registry, add):
    names = ["one", "two"]
    for name in names:
        registry.script[registry.publish(name)] = ["meet"]
    add(*names)
    assert not registry.meeting.broken


def test_what_killed_processes_left_in_the_cache_goes(registry, add, project):
    registry.publish("plain")
    folder = project.parent / "cache/incoming"
    folder.mkdir(parents=True)
    for name, age in (("old", 100_000), ("fresh", 0)):
        (folder / name).write_text("x")
        os.utime(folder / name, (time.time() - age,) * 2)
    add("plain")
    assert [path.name for path in folder.iterdir()] == ["fresh"]


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("before=2020-06-01", "1.0.0"),
        ("before=2021-06-01T00:00:00.000Z", "2.0.0"),
        ("min-release-age=7", "3.0.0"),
        ("", "4.0.0"),
    ],
)
def test_versions_after_a_moment_do_not_count(line, version, registry, add, project):
    times = {f"{n}.0.0": f"20{19 + n}-01-01T00:00:00.000Z" for n in (1, 2, 3)}
    times["4.0.0"] = datetime.now(timezone.utc).isoformat()
    for each in times:
        registry.publish("plain", each)
    registry.packuments["plain"]["time"] = times
    (project / ".npmrc").write_text(line + "\n")
    assert add("plain").added == [f"plain@{version}"]


def test_a_moment_before_all_versions_is_told(registry, add, environment):
    registry.publish("plain")
    registry.packuments["plain"]["time"] = {"1.0.0": "2024-01-01T00:00:00.000Z"}
    environment.setenv("npm_config_before", "2020-01-01")
    with pytest.raises(errors.NotFoundError, match="plain has no version"):
        add("plain")
    environment.setenv("npm_config_before", "soon")
    with pytest.raises(errors.ConfigError, match="before is 'soon', not a date"):
        add("plain")
