package dev.davy.access;

import dev.davy.strict.Names;

/// Who asks: the name of the token, which is what stands as `who` in events.
public record Principal(String name, Role role) {
    /// Whoever sits at this machine, when no tokens are needed.
    public static final Principal LOCAL = new Principal("local", Role.ADMIN);

    /// Whoever comes to a door at which nothing is asked.
    public static final Principal NOBODY = new Principal("nobody", Role.SERVICE);

    public Principal {
        Names.check("token", name);
    }

    public boolean may(Permission permission) {
        return role.may(permission);
    }
}
