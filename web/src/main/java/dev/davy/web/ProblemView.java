package dev.davy.web;

import java.util.List;

/// What was refused: what, why, what to do.
public record ProblemView(
        Chrome chrome, String what, List<String> why, String todo, String code, String requestId) {}
