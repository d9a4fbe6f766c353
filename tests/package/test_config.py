"""npm's configuration: where settings come from, and what they mean."""

import os

import pytest

from napi.package import config, errors

PLACES = ["override", "environment", "project", "user", "global"]


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [*os.environ]:
        if name.lower().startswith("npm_config") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("home", "project", "global"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", os.fspath(tmp_path / "home"))
    monkeypatch.setenv("npm_config_globalconfig", os.fspath(tmp_path / "global/npmrc"))
    return tmp_path


def load(home, text="", **overrides):
    (home / "project/.npmrc").write_text(text)
    return config.load(home / "project", overrides)


@pytest.mark.parametrize("nearest", range(len(PLACES)))
def test_the_nearest_place_wins(nearest, home, monkeypatch):
    overrides = {}
    for place in PLACES[nearest:]:
        line = f"registry = https://{place}.test/\n"
        if place == "override":
            overrides["registry"] = "https://override.test/"
        elif place == "environment":
            monkeypatch.setenv("npm_config_registry", "https://environment.test/")
        else:
            file = {"project": "project/.npmrc", "user": "home/.npmrc",
                    "global": "global/npmrc"}[place]  # fmt: skip
            (home / file).write_text(line)
    found = config.load(home / "project", overrides)
    assert found.registry() == f"https://{PLACES[nearest]}.test/"


def test_without_a_setting_it_is_npms_registry(home):
    assert load(home).registry() == config.DEFAULT_REGISTRY


@pytest.mark.parametrize(
    ("name", "key"),
    [("npm_config_registry", "registry"), ("NPM_CONFIG_REGISTRY", "registry"),
     ("npm_config_fetch_retries", "fetch-retries"),
     ("npm_config_@mine:registry", "@mine:registry"),
     ("npm_config_//h/:_authToken", "//h/:_authToken"),
     ("NPM_CONFIG_STRICT_SSL", "strict-ssl"), ("npm_config__auth", "_auth")],
)  # fmt: skip
def test_names_in_the_environment(name, key, home, monkeypatch):
    monkeypatch.setenv(name, "value")
    assert load(home).values[key] == "value"


def test_a_user_file_elsewhere(home, monkeypatch):
    (home / "mine").write_text("cafile=/a\n")
    monkeypatch.setenv("npm_config_userconfig", os.fspath(home / "mine"))
    assert load(home).text("cafile") == "/a"


def test_the_global_file_of_a_prefix(home, monkeypatch):
    (home / "etc").mkdir()
    (home / "etc/npmrc").write_text("cafile=/a\n")
    monkeypatch.delenv("npm_config_globalconfig")
    assert load(home, f"prefix={home}\n").text("cafile") == "/a"


LINES = {
    "a=b": "b",
    "a = b ": "b",
    'a="b c"': "b c",
    "a='b c'": "b c",
    r'a="b\nc"': "b\nc",
    "a": "true",
    "a=": "",
    "a=b ; comment": "b",
    "a=b=c": "b=c",
    "a=${SET}": "value",
    "a=x${SET}y${SET}": "xvalueyvalue",
    "a=${UNSET}": "${UNSET}",
    "a=${UNSET?}": "",
    "${KEY}=b": "b",
    "\ufeffa=b": "b",
    "; a=c\n# a=d\n\na=b": "b",
    "a=c\na=b": "b",
    "a=b\n[section]\na=c": "b",
    "a=b\r\n": "b",
}


@pytest.mark.parametrize("text", LINES)
def test_lines_of_a_file(text, home, monkeypatch):
    monkeypatch.setenv("SET", "value")
    monkeypatch.setenv("KEY", "a")
    assert load(home, text).values["a"] == LINES[text]


def test_lists(home):
    found = load(home, "ca[]=one\nca[]=two\nomit[]=dev\n")
    assert found.lists == {"ca": ["one", "two"], "omit": ["dev"]}


@pytest.mark.parametrize(
    ("value", "flag"),
    [("true", True), ("false", False), ("", True), ("null", False), ("1", True)],
)
def test_flags(value, flag, home):
    assert load(home, f"strict-ssl={value}").flag("strict-ssl") is flag


READERS = {
    "strict-ssl=maybe": lambda found: found.flag("strict-ssl"),
    "fetch-retries=-1": lambda found: found.number("fetch-retries", 1),
    "fetch-retries=x": lambda found: found.number("fetch-retries", 1),
    "registry=ftp://h/": lambda found: found.registry(),
}


@pytest.mark.parametrize("line", READERS)
def test_a_setting_that_cannot_be_used_is_named(line, home):
    found = load(home, line)
    with pytest.raises(errors.ConfigError, match=line.partition("=")[0]):
        READERS[line](found)


def test_a_file_that_may_not_be_read_is_named(home):
    (home / "project/.npmrc").mkdir()
    with pytest.raises(errors.ConfigError, match=r"\.npmrc: Is a directory"):
        config.load(home / "project")


LOGINS = """
//h.test/:_authToken=host
//h.test/a/:_authToken=a
//h.test/a/b:_authToken=ab
//h.test:8080/:_authToken=port
//r.test/npm/:_authToken=registry
"""


@pytest.mark.parametrize(
    ("url", "token"),
    [("https://h.test/x", "host"), ("https://h.test/", "host"),
     ("https://h.test/a/x", "a"), ("https://h.test/a/b/c/x.tgz", "ab"),
     ("https://h.test/ab", "host"), ("http://h.test:8080/a/x", "port"),
     ("https://other.test/x", ""), ("https://sub.h.test/x", ""),
     ("https://h.test.evil.test/x", ""), ("https://h.test@evil.test/x", "user"),
     ("https://r.test/npm/x", "registry"), ("https://r.test/files/x.tgz", "registry"),
     ("http://r.test/files/x.tgz", "")],
)  # fmt: skip
def test_the_login_for_an_address(url, token, home):
    found = load(home, LOGINS).authorization(url, "https://r.test/npm/")
    if token == "user":
        assert found.startswith("Basic ")  # its own, nobody's token
    else:
        assert found == (f"Bearer {token}" if token else "")


def test_the_registry_of_a_scope(home):
    found = load(home, "registry=https://a.test\n@mine:registry=https://b.test/npm\n")
    assert found.registry("x") == "https://a.test/"
    assert found.registry("@other/x") == "https://a.test/"
    assert found.registry("@mine/x") == "https://b.test/npm/"


PROXIES = {
    ("https-proxy=p:1", "https://h/"): "http://p:1",
    ("https-proxy=http://p:1", "http://h/"): "http://p:1",
    ("proxy=http://p:1", "https://h/"): "http://p:1",
    ("proxy=http://p:1\nhttps-proxy=http://q:1", "https://h/"): "http://q:1",
    ("proxy=http://p:1\nnoproxy=h", "https://h/"): "",
    ("proxy=http://p:1\nnoproxy=x, .h", "https://a.h/"): "",
    ("proxy=http://p:1\nnoproxy=h", "https://ah/"): "http://p:1",
    ("proxy=false", "https://h/"): "",
    ("proxy=null", "https://h/"): "",
}


@pytest.mark.parametrize("case", PROXIES, ids=range(len(PROXIES)))
def test_the_proxy_for_an_address(case, home):
    text, url = case
    assert load(home, text).proxy(url) == PROXIES[case]


def test_proxies_of_the_environment(home, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://p:1")
    monkeypatch.setenv("no_proxy", "direct.test")
    found = load(home)
    assert found.proxy("https://h/") == "http://p:1"
    assert found.proxy("http://h/") == ""
    assert found.proxy("https://a.direct.test/") == ""
    assert load(home, "https-proxy=false").proxy("https://h/") == ""
