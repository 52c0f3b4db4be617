/// Tests of the strict readers.
@NullMarked
package dev.davy.strict;

import org.jspecify.annotations.NullMarked;
