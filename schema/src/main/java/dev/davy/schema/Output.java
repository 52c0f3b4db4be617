package dev.davy.schema;

/// One output of a model or endpoint.
///
/// @param name `label` for instance
/// @param kind what an answer is, and what the truth of it looks like
public record Output(String name, OutputKind kind) {}
