"""Whatever a registry or a tarball does: one clear error, nothing changed on disk."""

import gzip
import io
import json
import tarfile

import pytest
from registry import make_tarball, snapshot, sri

from napi.package import archive, errors

MANIFEST = {"name": "evil", "version": "1.0.0"}


def member(name, kind=tarfile.REGTYPE, target="", size=0):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, size
    return info


def with_member(info):
    return make_tarball({"odd": info}, MANIFEST)


def raw_tar(*headers):
    """A tar file of headers as they are, whatever their size says."""
    blocks = b"".join(header.tobuf(tarfile.GNU_FORMAT) for header in headers)
    return gzip.compress(blocks + bytes(1024))


GOOD = make_tarball({"index.js": b"x" * 4000}, MANIFEST)
IntegrityError, ArchiveError = errors.IntegrityError, errors.ArchiveError

# name -> (the tarball, what the registry says of it, error, words of the message)
TARBALLS = {
    "wrong integrity": (GOOD, {"integrity": sri(b"other")}, IntegrityError, "promised"),
    "no integrity": (GOOD, {"integrity": None}, IntegrityError, "no sha512"),
    "only sha1": (GOOD, {"integrity": sri(GOOD, "sha1")}, IntegrityError, "no sha512"),
    "empty digest": (GOOD, {"integrity": "sha512-"}, IntegrityError, "no sha512"),
    "no base64": (GOOD, {"integrity": "sha512-!!"}, IntegrityError, "no sha512"),
    "integrity is a list": (GOOD, {"integrity": [sri(GOOD)]}, IntegrityError, "sha512"),
    "other version": (
        make_tarball({}, {**MANIFEST, "version": "6.6.6"}), {}, ArchiveError, "6.6.6",
    ),
    "no package.json": (make_tarball({"a": b""}), {}, ArchiveError, "package.json"),
    "empty": (b"", {}, ArchiveError, "evil@1.0.0"),
    "no gzip": (b"not gzip at all", {}, ArchiveError, "cannot be unpacked"),
    "no tar": (gzip.compress(b"not tar" * 100), {}, ArchiveError, "evil@1.0.0"),
    "cut gzip": (GOOD[: len(GOOD) // 2], {}, ArchiveError, "cannot be unpacked"),
    "cut tar": (
        gzip.compress(gzip.decompress(GOOD)[:2000]), {}, ArchiveError, "evil@1.0.0",
    ),
    "zip-slip": (
        with_member(member("package/../../outside")), {}, ArchiveError, "out of its",
    ),
    "absolute path": (with_member(member("/outside")), {}, ArchiveError, "out of its"),
    "beside": (with_member(member("outside")), {}, ArchiveError, "beside its folder"),
    "symlink out": (
        with_member(member("package/link", tarfile.SYMTYPE, "../../../outside")),
        {}, ArchiveError, "link out of its folder",
    ),
    "symlink absolute": (
        with_member(member("package/link", tarfile.SYMTYPE, "/etc/passwd")),
        {}, ArchiveError, "link out of its folder",
    ),
    "hard link out": (
        with_member(member("package/link", tarfile.LNKTYPE, "../outside")),
        {}, ArchiveError, "link out of its folder",
    ),
    "device": (
        with_member(member("package/null", tarfile.CHRTYPE)),
        {}, ArchiveError, "neither file nor folder",
    ),
    "block device": (
        with_member(member("package/disk", tarfile.BLKTYPE)),
        {}, ArchiveError, "neither file nor folder",
    ),
    "pipe": (
        with_member(member("package/pipe", tarfile.FIFOTYPE)),
        {}, ArchiveError, "neither file nor folder",
    ),
    "file and folder of one name": (
        make_tarball({"a": b"", "a/b": b""}, MANIFEST), {}, ArchiveError, "one name",
    ),
    "long path": (
        make_tarball({"a/" * 600: b""}, MANIFEST), {}, ArchiveError, "characters",
    ),
    "claims more than it has": (
        raw_tar(member("package/a", size=5000)), {}, ArchiveError, "evil@1.0.0",
    ),
    "claims a terabyte": (
        raw_tar(member("package/a", size=1 << 40)), {}, ArchiveError, "large",
    ),
    "header of a gigabyte": (
        raw_tar(member("package/a", tarfile.XHDTYPE, size=1 << 30)),
        {}, ArchiveError, "header",
    ),
    "name of a gigabyte": (
        raw_tar(member("package/a", tarfile.GNUTYPE_LONGNAME, size=1 << 30)),
        {}, ArchiveError, "header",
    ),
    "odd address": (
        GOOD, {"tarball": "file:///etc/passwd"}, errors.RegistryError, "odd address",
    ),
    "address without a host": (
        GOOD, {"tarball": "https:///x"}, errors.RegistryError, "odd address",
    ),
}  # fmt: skip

#: word of the server's script -> words of the message
ANSWERS = {
    404: "404",
    403: "_authToken",
    410: "410",
    500: "500.*4 tries",
    "truncated": "4 tries",
    "short": "promised",
    "broken chunks": "4 tries",
    "hang up": "4 tries",
    "silent": "no answer for 0.3 s",
    "drip": "too slow",
    "claims much": "is larger than",
    "without end": "is larger than",
    "to ftp://localhost/x": "odd address",
    "to file:///etc/passwd": "odd address",
}

#: what stands where a package's document should be
DOCUMENTS = ["", "{", "[]", "null", '{"versions": 7}', '{"versions": {"1.0.0": 7}}',
             '{"versions": {}}', "[" * 100_000]  # fmt: skip


@pytest.fixture(params=["empty project", "project with a package"])
def before(request, project, registry, add):
    registry.publish("good")
    registry.publish("good", "2.0.0")
    if request.param != "empty project":
        add("good@1.0.0")
    registry.asked.clear()
    return snapshot(project.parent / "project")


def refused(add, project, before, error, words):
    """Beside a good package, so that nothing of that stays either."""
    with pytest.raises(error, match=words) as info:
        add("good@2", "evil")
    assert snapshot(project) == before
    assert "\n" not in str(info.value).strip()
    assert not (project.parent / "outside").exists()


@pytest.mark.parametrize("case", TARBALLS)
def test_a_bad_tarball_changes_nothing(case, registry, add, project, before):
    data, dist, error, words = TARBALLS[case]
    registry.publish("evil", data=data, dist=dist)
    refused(add, project, before, error, f"(?s)evil.*{words}|{words}")


@pytest.mark.parametrize("act", ANSWERS, ids=str)
def test_a_bad_answer_changes_nothing(act, registry, add, project, before, environment):
    environment.setattr(archive, "LIMITS", archive.Limits(packed=1 << 20))
    environment.setattr("napi.package.registry.LIMITS", archive.LIMITS)
    environment.setenv("npm_config_fetch_timeout", "300")
    if act in ("silent", "drip"):
        environment.setenv("npm_config_fetch_retries", "0")
    path = registry.publish("evil", data=GOOD)
    registry.script[path] = [act] * 10
    refused(add, project, before, errors.PackageError, ANSWERS[act])


@pytest.mark.parametrize("text", DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_a_bad_document_changes_nothing(text, registry, add, project, before):
    registry.script["/evil"] = ["says " + text] * 10
    refused(add, project, before, errors.RegistryError, "evil")


def test_a_package_larger_than_allowed(registry, add, project, before, environment):
    bomb = make_tarball({"zeros": bytes(5 << 20)}, MANIFEST)
    assert len(bomb) < 1 << 16
    registry.publish("evil", data=bomb)
    environment.setattr(archive, "LIMITS", archive.Limits(unpacked=4 << 20))
    refused(add, project, before, ArchiveError, "unreasonably large")


def test_a_package_of_too_many_files(registry, add, project, before, environment):
    many = make_tarball({f"{n}": b"" for n in range(50)}, MANIFEST)
    registry.publish("evil", data=many)
    environment.setattr(archive, "LIMITS", archive.Limits(files=20))
    refused(add, project, before, ArchiveError, "unreasonably large")


NAMES = ["../up", "a/../../up", "/abs", ".hidden", "node_modules", "a b", "@/x"]


@pytest.mark.parametrize("name", [*NAMES, "x" * 300], ids=range(8))
def test_a_dependency_with_a_name_that_is_a_path(name, registry, add, project, before):
    registry.publish("evil", dependencies={name: "1.0.0"})
    refused(add, project, before, errors.SpecError, "not a name")


@pytest.mark.parametrize(
    "value",
    ["file:../up", "git+ssh://git@localhost/x.git", "http://localhost/x.tgz",
     "user/repository", "link:../x", "workspace:*"],
)  # fmt: skip
def test_a_dependency_from_elsewhere(value, registry, add, project, before):
    registry.publish("evil", dependencies={"other": value})
    with pytest.raises(errors.SpecError, match="not supported.*evil@1.0.0"):
        add("evil")
    assert snapshot(project) == before


@pytest.mark.parametrize("version", ["99", "^2", "1.0.1", "nosuchtag"])
def test_what_the_registry_does_not_have(version, registry, add, project, before):
    registry.publish("evil")
    with pytest.raises(errors.NotFoundError, match="evil has no"):
        add(f"evil@{version}")
    with pytest.raises(errors.NotFoundError, match="absent: there is no such package"):
        add("absent")
    assert snapshot(project) == before


def test_links_within_a_package_are_left_out_as_npm_does(registry, add, project):
    link = member("package/link", tarfile.SYMTYPE, "./index.js")
    registry.publish("plain", data=make_tarball(
        {"index.js": b"1", "link": link}, {"name": "plain", "version": "1.0.0"}
    ))  # fmt: skip
    add("plain")
    names = {path.name for path in (project / "node_modules/plain").iterdir()}
    assert names == {"index.js", "package.json"}


def test_a_tarball_of_any_top_folder_with_folders_and_modes(registry, add, project):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive_:
        for name, mode, content in [
            ("some-top", 0o777, None),
            ("some-top/lib", 0o000, None),
            ("some-top/lib/run", 0o4755, b"#!"),
            ("some-top/lib/read", 0o000, b"r"),
            ("some-top/package.json", 0o644, json.dumps(MANIFEST).encode()),
            ("some-top/package.json", 0o644, json.dumps(MANIFEST).encode()),
        ]:
            info = member(name, tarfile.REGTYPE if content else tarfile.DIRTYPE)
            info.mode, info.size = mode, len(content or b"")
            archive_.addfile(info, io.BytesIO(content or b""))
    registry.publish("evil", data=buffer.getvalue())
    add("evil")
    lib = project / "node_modules/evil/lib"
    modes = {path.name: path.stat().st_mode & 0o7777 for path in lib.iterdir()}
    assert modes == {"run": 0o755, "read": 0o644}
    assert lib.stat().st_mode & 0o700 == 0o700


UNPACKING = [case for case in TARBALLS if TARBALLS[case][2] is ArchiveError]


@pytest.mark.parametrize("case", UNPACKING)
def test_unpacking_refuses_by_itself_where_python_has_no_data_filter(
    case, tmp_path, monkeypatch
):
    """Python 3.10 before 3.10.12, 3.11 before 3.11.4."""
    monkeypatch.delattr(archive.tarfile, "data_filter", raising=False)
    source = tmp_path / "evil.tgz"
    source.write_bytes(TARBALLS[case][0])
    if case in ("other version", "no package.json"):
        archive.unpack(source, tmp_path / "in" / "evil")
    else:
        with pytest.raises(ArchiveError):
            archive.unpack(source, tmp_path / "in" / "evil")
    assert {path.name for path in tmp_path.iterdir()} == {"evil.tgz", "in"}
    assert {path.name for path in (tmp_path / "in").iterdir()} == {"evil"}
