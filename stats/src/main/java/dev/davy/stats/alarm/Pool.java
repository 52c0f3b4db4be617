package dev.davy.stats.alarm;

import java.util.List;

/// Successive windows, taken together.
record Pool(List<Window> windows, Evidence evidence) {
    static Pool of(List<Window> windows) {
        return new Pool(
                List.copyOf(windows),
                windows.stream().map(Window::evidence).reduce(Evidence::merge).orElseThrow());
    }

    long rows() {
        return evidence.rows();
    }

    long missing() {
        return evidence.missing();
    }

    long present() {
        return evidence.present();
    }
}
