"""What is not the answer's to give: builtins, the standard library, known packages, and the members of classes it often derives from."""

from __future__ import annotations

import builtins
import enum
import sys

BUILTINS = frozenset(dir(builtins)) | frozenset(
    # of other versions and platforms, of the interactive interpreter, and what tools put there
    "WindowsError BaseExceptionGroup ExceptionGroup EncodingWarning PythonFinalizationError aiter anext "
    "exit quit copyright credits license help _ get_ipython display reveal_type reveal_locals".split()
)
"""Names that every file can use."""

_PACKAGES = frozenset(
    "aws_cdk constructs jsii cdktf imports pulumi cdk_nag publication typeguard aws_synthetics cfnresponse crhelper "
    "boto3 botocore s3transfer moto awscli aiobotocore aioboto3 chalice aws_lambda_powertools aws_xray_sdk aws_encryption_sdk aws_requests_auth "
    "requests_aws4auth localstack_client samcli troposphere sagemaker smart_open s3fs redis rediscluster valkey "
    "pytest hypothesis mock freezegun responses parameterized nose tox coverage faker locust testcontainers "
    "requests httpx aiohttp urllib3 certifi charset_normalizer flask fastapi starlette uvicorn gunicorn django werkzeug jinja2 markupsafe tornado sanic mangum "
    "pydantic pydantic_settings attr attrs cattrs marshmallow jsonschema yaml toml tomli tomli_w simplejson orjson ujson msgpack dotenv decouple dynaconf environs hcl2 "
    "numpy pandas scipy sklearn matplotlib seaborn plotly pyarrow fastparquet polars torch tensorflow keras xgboost lightgbm transformers PIL cv2 networkx "
    "sqlalchemy alembic psycopg2 psycopg pymysql MySQLdb mysql pymongo asyncpg aiomysql cx_Oracle oracledb elasticsearch opensearchpy cassandra neo4j "
    "pyspark awsglue awswrangler airflow kafka confluent_kafka pika celery kombu stripe twilio sendgrid slack_sdk "
    "cryptography Crypto jwt jose nacl bcrypt passlib OpenSSL paramiko fabric "
    "click typer rich tabulate colorama termcolor tqdm prettytable loguru structlog pythonjsonlogger "
    "dateutil pytz tzlocal arrow pendulum croniter holidays dateparser "
    "six typing_extensions mypy_extensions setuptools pkg_resources packaging wheel pip distutils tenacity retrying backoff cachetools psutil docker kubernetes "
    "opentelemetry prometheus_client datadog datadog_lambda ddtrace newrelic sentry_sdk "
    "google azure github gitlab jira bs4 lxml openpyxl xlsxwriter docx reportlab fitz pypdf PyPDF2 markdown "
    "policy_sentry parliament cfn_flip cfnlint checkov deepdiff dpath jmespath semver graphql gql ariadne strawberry grpc "
    "lambda_function_powertools langchain openai anthropic".split()
)
_PREFIXES = (
    "cdktf_cdktf_provider_",
    "pulumi_",
    "cdk_",
    "aws_cdk_",
    "mypy_boto3_",
    "types_",
    "pytest_",
    "flask_",
    "django_",
    "opentelemetry_",
    "llama_",
)

_CONSTRUCT = "node to_string is_construct with_ _prepare _synthesize _validate _on_prepare _on_synthesize _on_validate"
_STACK = (
    "account add_dependency add_metadata add_stack_dependency add_stack_tag add_transform artifact_id availability_zones bundling_required "
    "consume_list_reference consume_reference dependencies env environment export_string_list_value export_value format_arn get_logical_id is_stack nested "
    "nested_stack_parent nested_stack_resource notification_arns of partition region regional_fact remove_stack_tag rename_logical_id "
    "report_missing_context_key resolve split_arn stack_id stack_name synthesizer tags template_file template_options termination_protection to_json_string "
    "to_yaml_string url_suffix parse_arn parse_template report_missing_context prepare synthesize validate on_prepare on_synthesize on_validate parent_stack "
    "template_url _allocate_logical_id"
)
_OPTIONS = (
    "analytics_reporting cross_region_references description env notification_arns permissions_boundary property_injectors stack_name "
    "suppress_template_indentation synthesizer tags termination_protection"
)
_LIBRARY_CLASSES = {
    "constructs": {"Construct": _CONSTRUCT},
    "aws_cdk": {
        "Construct": _CONSTRUCT,
        "Stack": f"{_CONSTRUCT} {_STACK}",
        "NestedStack": f"{_CONSTRUCT} {_STACK} is_nested_stack set_parameter",
        "Stage": f"{_CONSTRUCT} account artifact_id asset_outdir is_stage of outdir parent_stage policy_validation_beta1 region stage_name synth environment",
        "StackProps": _OPTIONS,
        "NestedStackProps": f"{_OPTIONS} parameters removal_policy timeout",
        "StageProps": "env outdir permissions_boundary policy_validation_beta1 property_injectors stage_name",
    },
    "cdktf": {
        "Construct": _CONSTRUCT,
        "TerraformStack": f"{_CONSTRUCT} add_dependency add_override all_providers dependencies depends_on ensure_backend_exists get_logical_id has_resource_move "
        "is_stack move_targets of prepare_stack register_incoming_cross_stack_reference register_outgoing_cross_stack_reference run_all_validations synthesizer "
        "to_hcl_terraform to_terraform allocate_logical_id _allocate_logical_id on_prepare on_synthesize on_validate",
    },
    "pulumi": {
        "ComponentResource": "ambient_provider get_provider pulumi_resource_name pulumi_resource_type register_outputs translate_input_property "
        "translate_output_property typ urn id _aliases _childResources _child_resources _childopts _get_providers _get_provider _name _opts _plugin_download_url _protect "
        "_provider _providers _remote _transformations _transforms _type _version _hooks _registered _prov _data",
    },
}
"""Members of classes of libraries, taken from constructs 10.8, aws-cdk-lib 2.275, cdktf 0.21 and pulumi 3.272, and of their first versions."""

_STANDARD_CLASSES = {
    "abc.ABC": frozenset[str](),
    "typing.Generic": frozenset[str](),
    "typing.NamedTuple": frozenset({*dir(tuple), "_replace", "_asdict", "_fields", "_make", "_field_defaults"}),
    "enum.Enum": frozenset({*dir(enum.Enum), "name", "value"}),
    "enum.IntEnum": frozenset({*dir(enum.IntEnum), "name", "value"}),
    "enum.StrEnum": frozenset({*dir(str), "name", "value"}),
}


def is_outside(module: str) -> bool:
    """Whether an absolute import is of the standard library or of a known package."""
    head = module.split(".", 1)[0]
    return head in sys.stdlib_module_names or head in _PACKAGES or head.startswith(_PREFIXES)


def library_members(module: str, name: str) -> frozenset[str] | None:
    """The members of a class of a library or of the builtins (`module` empty); None where they are not known here."""
    if not module:
        found = getattr(builtins, name, None)
        return frozenset(dir(found)) if isinstance(found, type) else None
    standard = _STANDARD_CLASSES.get(f"{module}.{name}")
    if standard is not None:
        return standard
    names = _LIBRARY_CLASSES.get(module.split(".", 1)[0], {}).get(name.rsplit(".", 1)[-1])
    return frozenset(names.split()) if names is not None else None
