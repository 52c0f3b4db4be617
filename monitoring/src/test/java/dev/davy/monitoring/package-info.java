@NullMarked
package dev.davy.monitoring;

import org.jspecify.annotations.NullMarked;
