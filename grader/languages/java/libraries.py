"""What the libraries of infrastructure code give to classes of an answer that extend them.

Members are the public and protected ones, inherited ones included, read by reflection from aws-cdk-lib 2.214.0 and 2.263.0 with
constructs 10.4.2 and 10.8.1, pulumi 1.16.0, the jsii description of cdktf 0.21.0, and the JDK 17.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

ROOTS = (
    "android", "cdk8s", "com.amazon", "com.amazonaws", "com.fasterxml", "com.google", "com.hashicorp", "com.pulumi", "dagger", "groovy", "imports",
    "io.cdk8s", "io.cdklabs", "io.github.cdklabs", "io.github.resilience4j", "io.grpc", "io.kubernetes", "io.lettuce", "io.micrometer", "io.micronaut",
    "io.netty", "io.opentelemetry", "io.quarkus", "io.swagger", "jakarta", "java", "javax", "jdk", "junit", "kotlin", "lombok", "net.bytebuddy",
    "okhttp3", "org.apache", "org.aspectj", "org.assertj", "org.bouncycastle", "org.bson", "org.checkerframework", "org.eclipse", "org.elasticsearch",
    "org.flywaydb", "org.glassfish", "org.hamcrest", "org.hibernate", "org.immutables", "org.jetbrains", "org.joda", "org.jooq", "org.json",
    "org.jspecify", "org.junit", "org.mapstruct", "org.mockito", "org.mongodb", "org.opensearch", "org.postgresql", "org.reactivestreams",
    "org.skyscreamer", "org.slf4j", "org.springframework", "org.testcontainers", "org.testng", "org.w3c", "org.xml", "org.yaml", "reactor", "redis",
    "scala", "software.amazon", "software.constructs", "sun",
)  # fmt: skip
"""Packages (with all below them) that are never the answer's own."""

_PREFIXES = tuple(f"{root}." for root in ROOTS)

OBJECT = frozenset("clone equals finalize getClass hashCode notify notifyAll toString wait".split())
RECORD = OBJECT
ENUM = OBJECT | frozenset("compareTo describeConstable getDeclaringClass name ordinal valueOf values".split())

_CONSTRUCT = OBJECT | frozenset("getNode isConstruct jsiiAsyncCall jsiiCall jsiiGet jsiiSet jsiiStaticCall jsiiStaticGet jsiiStaticSet with".split())
_STACK = _CONSTRUCT | frozenset(
    (
        "addDependency addMetadata addStackDependency addStackTag addTransform allocateLogicalId consumeListReference consumeReference "
        "exportStringListValue exportValue formatArn getAccount getArtifactId getAvailabilityZones getBundlingRequired getDependencies getEnv "
        "getEnvironment getLogicalId getNested getNestedStackParent getNestedStackResource getNode getNotificationArns getPartition getRegion "
        "getStackId getStackName getSynthesizer getTags getTemplateFile getTemplateOptions getTerminationProtection getUrlSuffix isStack of "
        "regionalFact removeStackTag renameLogicalId reportMissingContextKey resolve setTerminationProtection splitArn toJsonString toYamlString"
    ).split()
)
_STAGE = _CONSTRUCT | frozenset(
    (
        "getAccount getArtifactId getAssetOutdir getOutdir getParentStage getPolicyValidationBeta1 getRegion getStageName isApp isStage of synth"
    ).split()
)
_STACK_PROPS = OBJECT | frozenset(
    (
        "builder getAnalyticsReporting getCrossRegionReferences getDescription getEnv getNotificationArns getPermissionsBoundary "
        "getPropertyInjectors getStackName getSuppressTemplateIndentation getSynthesizer getTags getTerminationProtection"
    ).split()
)
_RESOURCE = OBJECT | frozenset("idFuture pulumiChildResources pulumiResourceName pulumiResourceType urn childResources remote".split())
_THROWABLE = OBJECT | frozenset(
    "addSuppressed fillInStackTrace getCause getLocalizedMessage getMessage getStackTrace getSuppressed initCause printStackTrace setStackTrace".split()
)

MEMBERS = MappingProxyType(
    {
        "software.constructs.Construct": _CONSTRUCT,
        "software.constructs.IConstruct": OBJECT | {"getNode", "with"},
        "software.amazon.awscdk.Stack": _STACK,
        "software.amazon.awscdk.NestedStack": _STACK | {"isNestedStack", "setParameter"},
        "software.amazon.awscdk.Stage": _STAGE,
        "software.amazon.awscdk.App": _STAGE,
        "software.amazon.awscdk.StackProps": _STACK_PROPS,
        "software.amazon.awscdk.NestedStackProps": OBJECT
        | frozenset("builder getDescription getNotificationArns getParameters getRemovalPolicy getSuppressTemplateIndentation getTimeout".split()),
        "software.amazon.awscdk.IAspect": OBJECT | {"visit"},
        "com.hashicorp.cdktf.TerraformStack": _CONSTRUCT
        | frozenset(
            (
                "addDependency addOverride allProviders allocateLogicalId dependsOn ensureBackendExists getDependencies getLogicalId "
                "getMoveTargets getSynthesizer hasResourceMove isStack of prepareStack registerIncomingCrossStackReference "
                "registerOutgoingCrossStackReference runAllValidations setDependencies setMoveTargets setSynthesizer toHclTerraform "
                "toMetadata toTerraform"
            ).split()
        ),
        "com.pulumi.resources.ComponentResource": _RESOURCE | {"registerOutputs"},
        "com.pulumi.resources.CustomResource": _RESOURCE | {"id"},
        "com.pulumi.resources.ResourceArgs": OBJECT | {"validateMember", "Empty"},
        "java.io.Serializable": OBJECT,
        "java.lang.AutoCloseable": OBJECT | {"close"},
        "java.lang.Cloneable": OBJECT,
        "java.lang.Comparable": OBJECT | {"compareTo"},
        "java.lang.Error": _THROWABLE,
        "java.lang.Exception": _THROWABLE,
        "java.lang.IllegalArgumentException": _THROWABLE,
        "java.lang.IllegalStateException": _THROWABLE,
        "java.lang.Object": OBJECT,
        "java.lang.Runnable": OBJECT | {"run"},
        "java.lang.RuntimeException": _THROWABLE,
        "java.lang.Throwable": _THROWABLE,
        "java.util.concurrent.Callable": OBJECT | {"call"},
        "java.util.function.Supplier": OBJECT | {"get"},
        "java.util.function.Consumer": OBJECT | {"accept", "andThen"},
        "java.util.function.Function": OBJECT | {"apply", "andThen", "compose", "identity"},
    }
)
"""Names of all members of a parent, by its qualified name; a parent that is not here may have any member."""

NESTED = frozenset({"Builder", "InitializationMode", "LazyField", "LazyFields", "Entry", "State"})
"""Types nested in those parents: an inherited name is no type of the answer."""

_INFRASTRUCTURE = (
    "software.amazon.awscdk",
    "software.constructs",
    "com.hashicorp.cdktf",
    "com.pulumi.aws",
    "com.pulumi.core",
    "com.pulumi.resources",
)
_ENDINGS = ("Stack", "StackProps", "StackArgs", "StackConfig", "ConstructProps", "Constants")
_GIVEN = frozenset(
    (
        "AppstreamStack AppstreamStackConfig CfnStack CfnStackProps CloudformationStack CloudformationStackConfig Constants "
        "DataAwsCloudformationStack DataAwsCloudformationStackConfig IncludedNestedStack NestedStack NestedStackProps OpsworksStack "
        "OpsworksStackConfig PolicyValidationStack ProductStack ProductStackProps Stack StackArgs StackProps TerraformStack WorkspaceStack"
    ).split()
)


@lru_cache(maxsize=4096)
def outside(package: str) -> bool:
    """Whether a package lies below one of `ROOTS`."""
    return f"{package}.".startswith(_PREFIXES)


def cannot_give(package: str, name: str) -> bool:
    """Whether a wildcard import of this library package surely gives no type of this name: it gives few stacks, all of them known."""
    return package.startswith(_INFRASTRUCTURE) and name.endswith(_ENDINGS) and name not in _GIVEN
