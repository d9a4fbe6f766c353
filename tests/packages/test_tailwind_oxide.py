NAME = "@tailwindcss/oxide-linux-x64-gnu"
PAGE = '<div class="flex p-4 hover:bg-red-500/50 [mask:url(x)]">'


def test_scans_a_folder(package, tmp_path):
    (tmp_path / "i.html").write_text(PAGE)
    source = {"base": str(tmp_path), "pattern": "**/*", "negated": False}
    scanner = package(NAME).Scanner({"sources": [source]})
    assert sorted(scanner.scan()) == [
        "[mask:url(x)]",
        "class",
        "flex",
        "hover:bg-red-500/50",
        "p-4",
    ]
    assert scanner.files == [str(tmp_path / "i.html")]
    assert scanner.globs == [{"base": str(tmp_path), "pattern": "*"}]
    text = '<p class="underline text-sm">'
    assert sorted(scanner.scanFiles([{"content": text, "extension": "html"}])) == [
        "text-sm",
        "underline",
    ]
    assert scanner.getCandidatesWithPositions(
        {"content": '<p class="underline">', "extension": "html"}
    ) == [
        {"candidate": "class", "position": 3},
        {"candidate": "underline", "position": 10},
    ]
