@NullMarked
package dev.davy.monitoring.notify;

import org.jspecify.annotations.NullMarked;
