"""Values that services take, out of the data that cfn-lint carries: runtimes with their ends of life, engine versions, instance types, IAM actions."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

_DATA = "cfnlint/data"
_INSTANCES = {
    "ec2": "aws_ec2_instance/instancetype_enum",
    "rds": "aws_rds_dbinstance/dbinstanceclass_enum",
    "docdb": "aws_docdb_dbinstance/dbinstanceclass_enum",
    "neptune": "aws_neptune_dbinstance/dbinstanceclass_enum",
    "elasticsearch": "aws_elasticsearch_domain/elasticsearchclusterconfig_instancetype_enum",
    "opensearch": "aws_opensearchservice_domain/clusterconfig_instancetype_enum",
    "sagemaker hosting": "aws_sagemaker_hosting/instancetype_enum",
    "sagemaker processing": "aws_sagemaker_processing/instancetype_enum",
    "sagemaker transform": "aws_sagemaker_transform/instancetype_enum",
    "elasticache": "aws_elasticache_cachecluster/cachenodetype_enum",
}
_INSTANCE = re.compile(r"[a-z]+[\w-]*\.[\w.-]+")


def rows(wheel: Path) -> Iterator[tuple[str, object]]:
    """Rows of the space `values`: `lambda runtimes`, `rds engines`, `rds engines deprecated`, `instance types <service>`, `iam <service>`."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

        def read(path: str) -> object:
            return json.loads(archive.read(f"{_DATA}/{path}.json")) if f"{_DATA}/{path}.json" in names else {}

        runtimes = read("AdditionalSpecs/LmbdRuntimeLifecycle")
        yield (
            "lambda runtimes",
            [{name: [one["deprecated"] or "", one["create-block"] or "", one["successor"] or ""] for name, one in runtimes.items()}]
            if isinstance(runtimes, dict)
            else [{}],
        )
        for name, file in (("rds engines", "engine_version"), ("rds engines deprecated", "engine_version_deprecated")):
            found: dict[str, set[str]] = {}
            for resource in ("aws_rds_dbinstance", "aws_rds_dbcluster"):
                for engine, versions in _engines(read(f"schemas/extensions/{resource}/{file}")):
                    found.setdefault(engine, set()).update(versions)
            yield name, [{engine: sorted(versions) for engine, versions in sorted(found.items())}]
        for service, file in _INSTANCES.items():
            types = sorted(set(_texts(read(f"schemas/extensions/{file}"))))
            if types:
                yield f"instance types {service}", [types]
        policies = read("AdditionalSpecs/Policies")
        for service, one in sorted(policies.items()) if isinstance(policies, dict) else ():
            yield f"iam {service}", [sorted(one.get("Actions", {}))]


def _engines(schema: object) -> Iterator[tuple[str, list[str]]]:
    """Engines and the versions that a rule `if` this engine `then` these versions names, on either side."""
    for rule in schema.get("allOf", ()) if isinstance(schema, dict) else ():
        said, then = rule.get("if", {}).get("properties", {}), rule.get("then", {})
        engine = said.get("Engine", {}).get("const")
        versions = said.get("EngineVersion", {}).get("enum") or (then.get("properties", {}) if isinstance(then, dict) else {}).get(
            "EngineVersion", {}
        ).get("enum")
        if engine and versions:
            yield engine, [str(one) for one in versions]


def _texts(one: object) -> Iterator[str]:
    if isinstance(one, dict):
        for value in one.values():
            yield from _texts(value)
    elif isinstance(one, list):
        for value in one:
            if isinstance(value, str) and _INSTANCE.fullmatch(value):
                yield value
            else:
                yield from _texts(value)
