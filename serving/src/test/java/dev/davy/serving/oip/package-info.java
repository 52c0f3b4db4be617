@NullMarked
package dev.davy.serving.oip;

import org.jspecify.annotations.NullMarked;
