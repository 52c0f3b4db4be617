package dev.davy.serving;

/// Who decides a row.
///
/// @param alone the model does
/// @param asked the probability with which a person was asked, from 0 to 1
/// @param isSeen whether it becomes a case for a person
/// @param why a person decides or sees it, such as `spot-check` or `confidence >= 0.95`
/// @param level the automation level it was asked at, such as `partial`
/// @param meanwhile what the caller gets until a person has decided
public record Deciding(
        boolean alone,
        float asked,
        boolean isSeen,
        String why,
        String level,
        Meanwhile meanwhile) {}
