package dev.davy.access;

import static dev.davy.access.Permission.ADMINISTER;
import static dev.davy.access.Permission.FEEDBACK;
import static dev.davy.access.Permission.NONE;
import static dev.davy.access.Permission.OPERATE;
import static dev.davy.access.Permission.PREDICT;
import static dev.davy.access.Permission.READ;
import static dev.davy.access.Permission.REVIEW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RoleTest {
    @Test
    void eachRoleMayDoThisAndNothingElse() {
        var expected = new EnumMap<Role, Set<Permission>>(Role.class);
        expected.put(Role.VIEWER, EnumSet.of(NONE, READ));
        expected.put(Role.REVIEWER, EnumSet.of(NONE, READ, FEEDBACK, REVIEW));
        expected.put(Role.OPERATOR, EnumSet.complementOf(EnumSet.of(ADMINISTER)));
        expected.put(Role.ADMIN, EnumSet.allOf(Permission.class));
        expected.put(Role.SERVICE, EnumSet.of(NONE, PREDICT, FEEDBACK));
        Map<Role, Set<Permission>> actual =
                Arrays.stream(Role.values())
                        .collect(
                                Collectors.toMap(
                                        role -> role,
                                        role ->
                                                Arrays.stream(Permission.values())
                                                        .filter(role::may)
                                                        .collect(Collectors.toSet())));
        assertThat(actual).isEqualTo(expected);
        assertThat(expected.get(Role.OPERATOR)).contains(OPERATE);
    }

    @Test
    void whoeverSitsHereMayDoEverything() {
        for (var permission : Permission.values())
            assertThat(Principal.LOCAL.may(permission)).isTrue();
    }
}
