import pytest

import napi

NAME = "@datadog/native-appsec"
RULES = {
    "version": "2.2",
    "metadata": {"rules_version": "1.0"},
    "rules": [
        {
            "id": "r1",
            "name": "n",
            "tags": {"type": "t", "category": "c"},
            "conditions": [
                {
                    "operator": "match_regex",
                    "parameters": {"inputs": [{"address": "a"}], "regex": "evil"},
                }
            ],
            "transformers": [],
        }
    ],
}


def test_finds_an_attack(package):
    m = package(NAME)
    assert m.DDWAF.version() == "1.30.1"
    waf = m.DDWAF(RULES, "path")
    assert waf.disposed is False
    assert waf.configPaths == ["path"]
    assert waf.diagnostics["rules"]["loaded"] == ["r1"]
    context = waf.createContext()
    result = context.run({"persistent": {"a": "so evil"}}, 1000000)
    assert result["status"] == "match"
    match = result["events"][0]["rule_matches"][0]
    assert match["operator_value"] == "evil"
    assert match["parameters"][0]["value"] == "so evil"
    context.dispose()
    waf.dispose()
    assert waf.disposed is True


def test_too_few_arguments(package):
    with pytest.raises(napi.Error, match="Wrong number of arguments, expected at"):
        package(NAME).DDWAF()
