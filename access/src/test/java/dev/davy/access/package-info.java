@NullMarked
package dev.davy.access;

import org.jspecify.annotations.NullMarked;
