package dev.davy.access;

/// What a route asks of its caller. Every route asks for one.
public enum Permission {
    /// Nothing: what shows nothing of anybody, such as the page on which people say who they are.
    NONE,
    /// To see models, endpoints, predictions and events.
    READ,
    /// To ask an endpoint.
    PREDICT,
    /// To report what came to be known of a prediction.
    FEEDBACK,
    /// To decide cases that wait for a person.
    REVIEW,
    /// To change models and endpoints.
    OPERATE,
    /// To make and revoke tokens.
    ADMINISTER
}
