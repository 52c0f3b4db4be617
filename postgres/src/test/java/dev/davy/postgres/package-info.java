@NullMarked
package dev.davy.postgres;

import org.jspecify.annotations.NullMarked;
