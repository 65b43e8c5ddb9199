# SPDX-License-Identifier: Apache-2.0
"""Regression over a table: what the pipelines that train on tables have in common."""
