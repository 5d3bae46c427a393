"""The wording of reports by language: one YAML of phrases each, checked to hold the same phrases."""
