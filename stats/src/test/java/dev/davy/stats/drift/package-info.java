@NullMarked
package dev.davy.stats.drift;

import org.jspecify.annotations.NullMarked;
