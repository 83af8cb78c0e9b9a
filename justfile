# The only commands that continuous integration, hooks and people run. `just` lists them.

set shell := ["bash", "-euo", "pipefail", "-c"]

# The environment that holds this `just` (the PyPI package rust-just puts it beside python), else whatever is on the path.
here := parent_directory(just_executable())
python := env("PYTHON", if path_exists(here / "python") == "true" { here / "python" } else { "python3" })
export PATH := here + ":" + env("PATH")
corpus := env("GRADER_CORPUS", justfile_directory() / "../shared/corpus")

_list:
    @just --list --unsorted

# everything that must pass before a change is sent
check: lint types layers test docs-check wheel size

# the tests; arguments go to pytest (`just test -k missing_asset --update-cases`)
test *arguments:
    {{ python }} -m pytest {{ arguments }}

# style and formatting
lint:
    {{ python }} -m ruff check .
    {{ python }} -m ruff format --check .

# mend what the linter and the formatter can
format:
    {{ python }} -m ruff check --fix .
    {{ python }} -m ruff format .

# static types
types:
    {{ python }} -m mypy

# who may import whom
layers:
    lint-imports

# write the generated pages
docs:
    {{ python }} -m scripts.document_detectors
    {{ python }} -m scripts.document_record

# the generated pages are those of the code
docs-check:
    {{ python }} -m scripts.document_detectors --check
    {{ python }} -m scripts.document_record --check

# build the wheel, install it into a clean environment outside the checkout, and grade a shipped sample there
wheel:
    PYTHON={{ python }} bash scripts/try_wheel.sh

# megabytes that an installation without extras takes
size:
    PYTHON={{ python }} bash scripts/measure_size.sh

# time and memory over the corpus
bench *arguments:
    {{ python }} -m scripts.bench --corpus {{ corpus }} {{ arguments }}

# how the cost of comparing an answer with its ideal grows with their size
bench-align:
    {{ python }} -m scripts.bench_align

# seconds and peak memory of `grader batch` over the corpus: cold, from the cache, and over ten copies of it
bench-batch *arguments:
    {{ python }} -m scripts.bench_batch --corpus {{ corpus }} {{ arguments }}

# the engine for clusters, on a real one of three nodes (needs the extra [ray]; a minute or two)
test-ray:
    {{ python }} -m pytest -m ray tests/batch/test_cluster.py

# what the corpus says: statuses, dialects recognised, unclaimed blocks, ideals graded against themselves
corpus *arguments:
    {{ python }} -m scripts.corpus_table --corpus {{ corpus }} {{ arguments }}

# plant faults in the ideals of the corpus and count how many are found, by mutator and dialect
mutate *arguments:
    {{ python }} -m scripts.mutate --corpus {{ corpus }} {{ arguments }}

# whether answers of the corpus that differ in meaning from their ideals score below 100
order *arguments:
    {{ python }} -m scripts.order --corpus {{ corpus }} {{ arguments }}

# how many samples of the corpus only the API catalogue shows not to build
corpus-catalogue *arguments:
    {{ python }} -m scripts.catalogue_effect --corpus {{ corpus }} {{ arguments }}

# what go/types says of the Go answers, beside what we say (tests/oracles/README.md says how to make the packages)
oracle-go gotypes *roots:
    PYTHONPATH={{ justfile_directory() }} {{ python }} tests/oracles/compiled.py {{ corpus }} go {{ gotypes }} {{ roots }} -- cdk-go cdktf-go

# what javac says of the Java answers, beside what we say
oracle-java jars:
    PYTHONPATH={{ justfile_directory() }} {{ python }} tests/oracles/compiled.py {{ corpus }} java {{ jars }} -- cdk-java pulumi-java

# what ty says of the Python answers with the packages of an environment, beside what we say
oracle-python environment:
    PYTHONPATH={{ justfile_directory() }} {{ python }} tests/oracles/typed_python.py {{ corpus }} {{ environment }} cdk-py pulumi-py cdktf-py

# what AWS's cloudformation-validate (in the environment) says of the templates, beside what we say
oracle-cloudformation *preflight:
    PYTHONPATH={{ justfile_directory() }} {{ python }} tests/oracles/cloudformation.py {{ corpus }} {{ preflight }}

# every name and requirement that we dispute in the ideals of some dialects, to be read by hand
oracle-read *dialects="tf-hcl":
    PYTHONPATH={{ justfile_directory() }} {{ python }} tests/oracles/accusations.py {{ corpus }} IDEAL {{ dialects }}

# what `grader audit` says of claims that people labelled true or false
audit-check *arguments:
    {{ python }} -m scripts.audit_check --corpus {{ corpus }} --labels {{ parent_directory(corpus) / "labels" }} {{ arguments }}

# how the value of pairs agrees with `training_quality` in the metadata, over the folder of a run
quality run *arguments:
    {{ python }} -m scripts.quality_correlation {{ run }} {{ arguments }}
