/// Tells people and programs of alarms: webhooks, chats, letters.
///
/// Start at [Channel], what a person declares, and [Deliveries], which reads the events of alarms
/// and keeps an outbox: what was once in it is told, over restarts and for a day of trying, at
/// least once and always under the same id. [Message] says what is told, [Post] and [Mail] carry
/// it. Knows events only, nothing of windows.
@NullMarked
package dev.davy.monitoring.notify;

import org.jspecify.annotations.NullMarked;
