"""Puts every public name of a whole library to the checks: none may be refused. Development only.

python tests/oracles/sweep.py go <folder of the generated package> <its import path>
python tests/oracles/sweep.py java <src/main/java of the generated sources>
python tests/oracles/sweep.py pulumi <output of `javap -public` over the Args$Builder classes of com.pulumi:aws>
python tests/oracles/sweep.py examples <aws-cdk-lib/.jsii.tabl.json.gz> java|go
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from grader.catalog import Type, look_up, member
from grader.detectors._api_go import go_name
from grader.detectors._api_jsii import find_member, folded, members_of, parameters, place_of, snake, struct_of, type_named
from grader.detectors.invalid_api import invalid_api
from grader.engine import solution_of
from grader.model.hits import Hit
from grader.model.solutions import Pair
from grader.model.spans import Span

Verdict = tuple[str, bool]
"""A name of the library and whether it is refused."""
_GO_TOP = re.compile(r"^func ([A-Z]\w*)\(|^type ([A-Z]\w*) |^\t([A-Z]\w*_[A-Z]\w*) [=A-Z]", re.MULTILINE)
_GO_TYPE = re.compile(r"^type ([A-Z]\w*) (?:struct|interface) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_GO_MEMBER = re.compile(r"^\t([A-Z]\w*)[ (]", re.MULTILINE)
_JAVA_TYPE = re.compile(r"( *)(?:public |protected |private |static |abstract |final |sealed )*(?:class|interface|enum) (\w+)")
_JAVA_MEMBER = re.compile(r" +(?:public |static |default |abstract |@\S+ )*(?:<[^>]*> )?[\w.<>\[\], ?&@]+ (\w+)\(|( {4,})([A-Z][A-Z0-9_]*),$")
_NOT_MEMBERS = ("return", "this.", "super", "*", "final", "protected", "private")


def main() -> None:
    """Print how many names were put to the checks and which of them are refused."""
    kind, place, *rest = sys.argv[1:]
    if kind == "examples":
        examples(Path(place), rest[0])
        return
    found = go(Path(place), rest[0]) if kind == "go" else java(Path(place)) if kind == "java" else pulumi(Path(place))
    refused, many = [], 0
    for name, bad in found:
        many += 1
        if bad:
            refused.append(name)
    print(f"{kind}: {many} names, {len(refused)} refused", *sorted(set(refused))[:60], sep="\n  ")


def go(root: Path, prefix: str) -> Iterator[Verdict]:
    """Functions, types, constants, fields and methods of the Go packages that the catalogue holds."""
    for path in sorted(root.rglob("*.go")):
        place = place_of("/".join((prefix, *path.parent.relative_to(root).parts)))
        if place is None:
            continue
        text = path.read_text(encoding="utf-8")
        for one in _GO_TOP.finditer(text):
            name = one[1] or one[2] or one[3]
            yield f"{path.parent.name}.{name}", bool(list(go_name(place, name, Span(1, 1))))
        for one in _GO_TYPE.finditer(text):
            held = type_named(place.space, f"{place.name}.{one[1]}") or type_named(place.space, f"{place.name}.{one[1].replace('_', '.')}")
            for field in _GO_MEMBER.finditer(one[2]) if held is not None else ():
                yield f"{path.parent.name}.{one[1]}.{field[1]}", held is not None and find_member(held.space, held.name, field[1], "go") is None


def java(root: Path) -> Iterator[Verdict]:
    """Methods, enum members and builder methods of the Java packages that the catalogue holds."""
    for path in sorted(root.rglob("*.java")):
        place = place_of(".".join(path.parent.relative_to(root).parts))
        outer = [(0, path.stem)]
        for line in path.read_text(encoding="utf-8").split("\n") if place is not None else ():
            opened = _JAVA_TYPE.match(line)
            if opened is not None:
                while len(outer) > 1 and outer[-1][0] >= len(opened[1]):
                    outer.pop()
                outer += [(len(opened[1]), opened[2])] if opened[1] else []
                continue
            found = _JAVA_MEMBER.match(line)
            names = [name for _, name in outer]
            if found is None or "Jsii" in names or " return " in line or " new " in line or line.lstrip().startswith(_NOT_MEMBERS):
                continue
            name = found[1] or found[3]
            held = type_named(place.space, ".".join((place.name, *(one for one in names if one != "Builder")))) if place is not None else None
            if held is not None and name not in {"build", "create", "builder", "Builder", names[-1]}:
                structs = [held] if "Builder" not in names[1:] or held.kind == "s" else list(_structs(held, name))
                yield f"{'.'.join(names)}.{name}", bool(structs) and all(find_member(one.space, one.name, name, "java") is None for one in structs)


def _structs(held: Type, name: str) -> Iterator[Type]:
    """The structs whose properties the builder of a class takes; none where the name is a parameter of its constructor."""
    takes = parameters(held.space, held.name, "()") or ()
    if name not in {one[0] for one in takes}:
        for one in takes:
            taken = struct_of(one[2], one[1])
            if taken is not None and members_of(taken[0].space, taken[0].name):
                yield taken[0]


def pulumi(listing: Path) -> Iterator[Verdict]:
    """Builder methods of the argument classes of Pulumi's AWS provider."""
    held: Type | None = None
    for line in listing.read_text(encoding="utf-8").split("\n"):
        head = re.match(r"public (?:static )?(?:final )?class com\.pulumi\.aws\.(\w+)\.(inputs\.)?(\w+)Args\$Builder", line)
        if head is not None:
            service, plain = f"{head[1]}_" if head[1] == "lambda" else head[1], head[3]
            function = snake(plain.removesuffix("Plain"))
            order = (f"{plain}Args", plain, function) if head[2] else (plain, f"{plain}Args")
            held = next((one for name in order if (one := look_up("pulumi", f"{service}.{name}")) is not None), None)
        method = re.match(r"  public com\.pulumi\S+\$Builder (\w+)\(", line)
        if method is not None and held is not None:
            alike = [said for name, said in held.members.items() if folded(name) == folded(method[1])]
            yield f"{held.name}.{method[1]}", not any(held.kind != "r" or "i" in member(said).flags for said in alike)


def examples(tablet: Path, language: str) -> None:
    """Jsii's translations of the library's own examples: what is flagged of them is a slip of the translation, or of ours."""
    counts, many, sources = Counter[str](), 0, set[str]()
    for one in json.loads(gzip.decompress(tablet.read_bytes()))["snippets"].values():
        source = one["translations"].get(language, {}).get("source", "")
        if not one.get("didCompile") or source in sources or "import " not in source:
            continue
        sources.add(source)
        many += 1
        imports = "\n".join(line for line in source.split("\n") if line.startswith("import ")).replace('awscdk"', 'awscdk/v2"')
        body = "\n".join(f"        {line}" for line in source.split("\n") if not line.startswith("import "))
        opening, closing = (
            ("package main\n\n" + imports + "\n\nfunc NewS(scope constructs.Construct, id string) {\n", "\n}")
            if language == "go"
            else (imports + "\n\npublic class S extends Stack {\n    public S(Construct scope, String id) {\n", "\n    }\n}")
        )
        solution = solution_of(f"```{language}\n{opening}{body}{closing}\n```\n")
        counts.update(hit.message for hit in invalid_api.detect(Pair(solution)) if isinstance(hit, Hit))
    print(f"{language}: {many} examples, {counts.total()} flagged", *(f"{n} {said}" for said, n in counts.most_common(80)), sep="\n  ")


if __name__ == "__main__":
    main()
