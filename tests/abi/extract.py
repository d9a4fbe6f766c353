"""What a set of Node-API headers declares, as the compiler sees it.

A C++ program prints the type of each function, the value of each enumerator, the
layout of each struct and the type of each typedef; only their names are read from
the text. One fact is one line; a fact holds for some variants (versions, feature
macros) and not for others.
"""

import re
import shlex
import subprocess
import sysconfig
from pathlib import Path

VARIANTS = {
    "default": [],
    **{str(version): [f"-DNAPI_VERSION={version}"] for version in range(1, 11)},
    "experimental": ["-DNAPI_EXPERIMENTAL"],
    "basic-env-opt-out": [
        "-DNAPI_EXPERIMENTAL",
        "-DNODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT",
    ],
    "nogc-env-opt-out": [
        "-DNAPI_EXPERIMENTAL",
        "-DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT",
    ],
    "no-external-buffers": [
        "-DNAPI_EXPERIMENTAL",
        "-DNODE_API_NO_EXTERNAL_BUFFERS_ALLOWED",
    ],
}
PROGRAM = r"""
#include <cstdio>
#include <cstddef>
#include <cstring>
#include <string>
#include <node_api.h>
template <class T> static std::string name() {
    std::string text = __PRETTY_FUNCTION__; /* ... [with T = int; ... */
    std::size_t start = text.find("T = ") + 4;
    return text.substr(start, text.find_first_of(";]", start) - start);
}
template <class T> static void field(const char *what, std::size_t offset) {
    std::printf("field %s: %s at %zu\n", what, name<T>().c_str(), offset);
}
template <class T> static void layout(const char *what) {
    std::printf("struct %s: %zu bytes, aligned to %zu\n", what, sizeof(T),
                alignof(T));
}
#define FUNCTION(f) std::printf("function %s: %s\n", #f, \
                                name<decltype(f)>().c_str());
#define TYPEDEF(t) std::printf("typedef %s: %s\n", #t, name<t>().c_str());
#define ENUM(e) std::printf("enum %s of %s = %d\n", #e, \
                            name<decltype(e)>().c_str(), (int)e);
#define FIELD(s, f) field<decltype(s::f)>(#s "." #f, offsetof(s, f));
int main() {
%s
}
"""
PROTOTYPE = re.compile(r"\b((?:napi|node_api)_\w+)\s*\(([^();]*)\)\s*;")
# Guards of inclusion, and what the variants themselves define.
IGNORED = re.compile(r"SRC_\w+_H_|NODE_API_EXPERIMENTAL_(BASIC|NOGC)_ENV_OPT_OUT")


def compiler(name="CC", fallback="cc"):
    """The C (or CXX) compiler that Python was built with, if it is here."""
    return shlex.split(sysconfig.get_config_var(name) or fallback)[0]


def run(command, text):
    done = subprocess.run(
        list(map(str, command)), input=text, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(f"{shlex.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def preprocessed(include, flags):
    command = [compiler(), "-E", "-P", "-w", *flags, f"-I{include}", "-xc", "-"]
    return run(command, "#include <node_api.h>\n")


def prototypes(text):
    """Function -> its parameters as they are written, but for white space."""
    found = {}
    for name, parameters in PROTOTYPE.findall(text):
        parameters = re.sub(r"\s*\*\s*", " *", " ".join(parameters.split()))
        found[name] = parameters.replace("* *", "**")
    return found


def declared_names(text):
    """Names by kind, and the fields of each struct."""
    bodies = re.findall(
        r"typedef\s+(enum|struct)\s*\w*\s*\{([^{}]*)\}\s*(\w+)\s*;", text
    )
    enumerators, structs = [], {}
    for kind, body, name in bodies:
        if not name.startswith(("napi_", "node_api_")):
            continue
        if kind == "enum":
            enumerators += re.findall(r"(\w+)\s*(?:=[^,]*)?(?:,|$)", body.strip())
        else:
            structs[name] = re.findall(r"(\w+)\s*(?:\[\d+\])?\s*;", body)
    types = re.findall(r"\btypedef\b[^;{}]*?\b(\w+)\s*;", text)
    types += re.findall(r"\btypedef\b[^;{}]*?\(\s*\*\s*(\w+)\s*\)\s*\([^;]*;", text)
    types = [name for name in types if name.startswith(("napi_", "node_api_"))]
    return enumerators, structs, sorted(set(types))


def compiled_facts(include, flags, scratch):
    text = preprocessed(include, flags)
    functions = prototypes(text)
    enumerators, structs, types = declared_names(text)
    lines = [f"FUNCTION({name})" for name in functions]
    lines += [f"ENUM({name})" for name in enumerators]
    lines += [f"TYPEDEF({name})" for name in types]
    for name, fields in structs.items():
        lines.append(f'layout<{name}>("{name}");')
        lines += [f"FIELD({name}, {field})" for field in fields]
    program = Path(scratch) / "facts"
    # The one %s of main is the last: the others are printf's.
    head, _, tail = PROGRAM.rpartition("%s")
    text = head + "\n".join(lines) + tail
    run(
        [
            compiler("CXX", "c++"),
            "-std=c++17",
            "-w",
            "-O0",
            *flags,
            f"-I{include}",
            "-xc++",
            "-o",
            program,
            "-",
        ],
        text,
    )
    written = [f"written {name}({functions[name]})" for name in functions]
    return run([program], "").splitlines() + written


def macro_facts(include, flags):
    """Names of all macros; the values of those that are one word."""
    command = [compiler(), "-E", "-dM", "-w", *flags, f"-I{include}", "-xc", "-"]
    for line in run(command, "#include <node_api.h>\n").splitlines():
        match = re.match(r"#define (\w+)(\([^)]*\))?(?: (.*))?$", line)
        name, parameters, value = match.groups()
        if not re.match(r"NAPI_|NODE_API_|EXTERN_C_", name) or IGNORED.fullmatch(name):
            continue
        if parameters is not None:
            yield f"macro {name}{parameters.replace(' ', '')}"
        elif re.fullmatch(r"\w+", value or ""):
            yield f"macro {name} = {value}"
        else:
            yield f"macro {name}"


def describe(include, scratch, variants=tuple(VARIANTS)):
    """Fact -> the variants in which it holds, in the order given."""
    facts = {}
    for variant in variants:
        flags = VARIANTS[variant]
        found = [*compiled_facts(include, flags, scratch), *macro_facts(include, flags)]
        for fact in found:
            facts.setdefault(fact, []).append(variant)
    return {fact: facts[fact] for fact in sorted(facts)}
