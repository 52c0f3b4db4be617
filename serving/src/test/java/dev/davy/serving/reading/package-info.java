@NullMarked
package dev.davy.serving.reading;

import org.jspecify.annotations.NullMarked;
