package dev.davy.storage;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test of what a keeper promises on whichever database it keeps things in. Runs once on SQLite
/// and once on PostgreSQL; takes a [Database], or a [Backends.Backend] to open it more than once.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(Backends.class)
public @interface ContractTest {}
