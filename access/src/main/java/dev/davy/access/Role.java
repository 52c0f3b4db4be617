package dev.davy.access;

/// What a token's holder is here.
public enum Role {
    /// Looks on.
    VIEWER,
    /// Decides cases and says what is true of them.
    REVIEWER,
    /// Runs models and endpoints.
    OPERATOR,
    /// May do everything.
    ADMIN,
    /// A program that asks for predictions and reports how they came out; sees nothing else.
    SERVICE;

    /// Whether the role is allowed that much.
    public boolean may(Permission permission) {
        return switch (permission) {
            case NONE -> true;
            case READ -> this != SERVICE;
            case PREDICT -> this == SERVICE || this == OPERATOR || this == ADMIN;
            case FEEDBACK -> this != VIEWER;
            case REVIEW -> this == REVIEWER || this == OPERATOR || this == ADMIN;
            case OPERATE -> this == OPERATOR || this == ADMIN;
            case ADMINISTER -> this == ADMIN;
        };
    }
}
