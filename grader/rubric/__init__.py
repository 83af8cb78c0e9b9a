"""Rubrics: what a fault costs and how it is worded, read from a YAML file, and the grade that follows from causes."""

from __future__ import annotations

from grader.rubric.forms import schema
from grader.rubric.loading import load_rubric, quality_rubrics, shipped_rubrics
from grader.rubric.pricing import CategoryScore, Fault, Grade, price
from grader.rubric.rubrics import Category, Criterion, Points, Rubric
from grader.rubric.yaml_marks import RubricError

__all__ = [
    "Category",
    "CategoryScore",
    "Criterion",
    "Fault",
    "Grade",
    "Points",
    "Rubric",
    "RubricError",
    "load_rubric",
    "price",
    "quality_rubrics",
    "schema",
    "shipped_rubrics",
]
