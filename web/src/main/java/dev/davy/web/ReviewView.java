package dev.davy.web;

/// The page of a person's work on the cases of an endpoint; the cases themselves come over HTTP.
///
/// @param question what is to be decided
/// @param href of the endpoint
/// @param as the reviewer, where they are named; empty: who is signed in
/// @param command that makes a case
public record ReviewView(
        Chrome chrome, String endpoint, String href, String question, String as, String command) {}
