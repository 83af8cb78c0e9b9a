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

# how the value of pairs agrees with `training_quality` in the metadata, over the folder of a run
quality run *arguments:
    {{ python }} -m scripts.quality_correlation {{ run }} {{ arguments }}
