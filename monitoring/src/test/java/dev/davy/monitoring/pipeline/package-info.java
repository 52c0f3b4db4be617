@NullMarked
package dev.davy.monitoring.pipeline;

import org.jspecify.annotations.NullMarked;
