@NullMarked
package dev.davy.runtime;

import org.jspecify.annotations.NullMarked;
