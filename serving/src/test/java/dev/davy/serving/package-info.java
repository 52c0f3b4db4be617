@NullMarked
package dev.davy.serving;

import org.jspecify.annotations.NullMarked;
